import { listen } from '../../src/web/listen.ts';
import { createFixture } from './fixture.ts';
import { stories } from './story.ts';

/** `node --import tsx test/web/serve-fixture.ts [PORT] [zh|en]`: the web room over invented incidents, to look at it. */
const language = process.argv[3] === 'en' ? 'en' : 'zh';
const fixture = createFixture(stories(language), { ticking: true });
const server = await listen(fixture.web.fetch, '127.0.0.1', Number(process.argv[2] ?? 0));
process.stdout.write(`${await fixture.web.loginLink(server.url)}\n`);
