import { randomUUID } from 'node:crypto';
import type { ChatPlatform } from '../../src/chat/port.ts';
import { webPlatform } from '../../src/chat/web/platform.ts';
import { webDeps } from '../../src/view/index.ts';
import { createWeb } from '../../src/web/app.tsx';
import { bare, type Member, member, ORIGIN } from '../web/member.ts';
import { atOnce } from './mutate.ts';
import { backstage, type House, incidentsOf, type Stage, shuffled } from './stage.ts';

interface Form {
  readonly action: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly labels: readonly string[];
  readonly named: readonly string[];
}

/** The web room, reached by its forms as a browser sends them. */
export async function webStage(house: House = backstage): Promise<Stage> {
  const back = await house({ platforms: () => [] });
  const web = createWeb({
    ...webDeps(back.desk, {
      newId: randomUUID,
      metricsToken: null,
      environment: {},
      failed: (number, error) => back.logged.push({ what: `failed ${number}`, detail: String(error) }),
    }),
    receive: back.receive,
  });
  const members = new Map<string, Member>();
  const answers = new Map<string, string>();
  let held: (() => Promise<void>)[] | null = null;
  let count = 0;

  const as = async (person: string): Promise<Member> => {
    const known = members.get(person) ?? (await member(web, person));
    members.set(person, known);
    return known;
  };
  const room = async (): Promise<string> => {
    const [only] = await incidentsOf(back);
    return only ? `/i/${only.code}` : '';
  };
  const post = async (person: string, path: string, fields: Record<string, string | File>): Promise<void> => {
    const who = await as(person);
    count += 1;
    const once = fields.once ?? `once-${count}`;
    const send = async (): Promise<void> => {
      const response = await who.post(path, { ...fields, once });
      const html = await response.text();
      if (response.status >= 400) throw new Error(`${response.status} ${html}`);
      const [confirm] = formsIn(html).filter(
        (one) => html.includes('class="question"') && one.action === path,
      );
      if (confirm) return post(person, path, { ...confirm.inputs, once: `${once}-sure` });
      if (html !== '') answers.set(person, html);
    };
    if (held) held.push(send);
    else await send();
  };
  const say = async (person: string, text: string, more: Record<string, string | File> = {}): Promise<void> =>
    post(person, `${await room()}/say`, { text, ...more });
  const page = async (person: string): Promise<string> => {
    const here = await room();
    return here === '' ? '' : (await as(person)).text(here);
  };

  // The desk makes its own; this one says what it declares.
  const platform: ChatPlatform = webPlatform({ put: async () => 'id' });

  return {
    platform,
    desk: back.desk,
    received: back.received,
    logged: back.logged,
    secrets: [],
    command: (person, text) => say(person, `/应急 ${text}`),
    mention: (person, text) => say(person, `@战情室 ${text}`),
    async say(person, text) {
      await say(person, text);
      const last = back.received.at(-1);
      return { id: last?.kind === 'text' ? last.messageId : '', author: person, text };
    },
    edit: (words, text) => say(words.author, text, { edit: words.id }),
    remove: async (words) => post(words.author, `${await room()}/delete`, { message: words.id }),
    drop: (person, name, bytes) => say(person, '', { file: new File([new Uint8Array(bytes)], name) }),
    async press(person, label) {
      const html = `${await page(person)}${answers.get(person) ?? ''}`;
      const form = formsIn(html).findLast((one) => one.labels.includes(label));
      if (!form) throw new Error(`nobody sees a button "${label}"`);
      await post(person, form.action, { ...form.inputs });
    },
    async submit(person, fields) {
      const form = formsIn(answers.get(person) ?? '').at(-1);
      if (!form) throw new Error(`${person} has no form open`);
      const typed = Object.entries(fields).map(([name, value]) => [`arg.${name}`, value]);
      await post(person, form.action, { ...form.inputs, ...Object.fromEntries(typed) });
    },
    fields: (person) => formsIn(answers.get(person) ?? '').at(-1)?.named ?? [],
    seen: async (person) => plain(`${await page(person)}${answers.get(person) ?? ''}`),
    async storm(work) {
      held = [];
      await work();
      const sends = shuffled(
        held.flatMap((send) => Array.from({ length: 5 }, () => send)),
        20_261_124,
      );
      held = null;
      for (const send of sends) await send();
    },
    intruders: [
      { what: 'nobody logged in', wanted: 401, send: async () => (await intrude({})).status },
      {
        what: 'a cookie that was never given',
        wanted: 401,
        send: async () => (await intrude({ cookie: 'warroom=forged' })).status,
      },
      {
        what: 'another site in the name of somebody logged in',
        wanted: 403,
        send: async () =>
          (await intrude({ cookie: (await as('ops')).cookie, origin: 'https://evil.example' })).status,
      },
      {
        what: 'a form without the token of its page',
        wanted: 403,
        send: async () => (await intrude({ cookie: (await as('ops')).cookie })).status,
      },
    ],
    async mutate(size, seed) {
      const who = await as('ops');
      const parts = ['_csrf', 'command', 'text', 'arg.title', 'message', 'edit', 'confirm', 'file'];
      const paths = ['/say', '/act', '/i/INC-1/say', '/i/INC-1/act', '/i/INC-1/delete', '/login'];
      const bodies = shuffled(
        Array.from({ length: size }, (_, at) => String(at)),
        seed,
      );
      return atOnce(bodies, 8, async (at) => {
        const number = Number(at);
        const path = paths[number % paths.length] ?? '/say';
        const cut = (number * 7919) % 40;
        const body = parts
          .filter((_, index) => (number >> index) % 2 === 1)
          .map((name) => `${name}=${'%E6%8A%A5'.repeat(cut)}`)
          .join('&')
          .slice(0, number % 300);
        const response = await bare(web, path, {
          method: 'POST',
          headers: {
            cookie: who.cookie,
            origin: ORIGIN,
            'content-type':
              number % 3 === 0 ? 'multipart/form-data; boundary=x' : 'application/x-www-form-urlencoded',
          },
          body,
        });
        await response.arrayBuffer();
        return response.status;
      });
    },
    settle: () => back.desk.engine.idle(),
    close: back.close,
  };

  async function intrude(headers: Record<string, string>): Promise<Response> {
    return bare(web, '/say', {
      method: 'POST',
      headers: { origin: ORIGIN, 'hx-request': 'true', ...headers },
      body: new URLSearchParams({ text: '伪造的事件' }),
    });
  }
}

function formsIn(html: string): readonly Form[] {
  return [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, head = '', body = '']) => {
    const inputs: Record<string, string> = {};
    const named: string[] = [];
    for (const [tag] of body.matchAll(/<(?:input|select|textarea)\b[^>]*>/g)) {
      const name = attribute(tag, 'name');
      if (name === null || name === '_csrf') continue;
      if (name.startsWith('arg.') && attribute(tag, 'type') !== 'hidden')
        named.push(name.slice('arg.'.length));
      if (attribute(tag, 'type') === 'radio' && !/\bchecked\b/.test(tag)) continue;
      const value = attribute(tag, 'value');
      if (value !== null) inputs[name] = value;
    }
    const labels = [...body.matchAll(/<button type="submit"[^>]*>(.*?)<\/button>/gs)].map((one) =>
      plain(one[1] ?? '').trim(),
    );
    return { action: attribute(head, 'action') ?? '', inputs, labels, named: [...new Set(named)] };
  });
}

function attribute(tag: string, name: string): string | null {
  const found = new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1];
  return found === undefined ? null : unescaped(found);
}

function plain(html: string): string {
  return unescaped(html.replace(/<[^>]+>/g, ' ')).replace(/\s+/g, ' ');
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
