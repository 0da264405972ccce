import { afterEach, describe, expect, it } from 'vitest';
import { plainText } from '../../src/chat/message.ts';
import type { Reply } from '../../src/chat/port.ts';
import { renderReport } from '../../src/view/report.ts';
import { type TestDesk, testDesk } from '../support/desk.ts';

let room: TestDesk;
afterEach(() => room.close());

const shown = (reply: Reply): string =>
  (reply.toAsker?.blocks ?? [])
    .flatMap((one) => (one.block === 'list' ? one.items.map(plainText) : []))
    .join('\n');
const numberOf = (list: string, words: string): string =>
  new RegExp(`#(\\S+)　\\S+　[^\\n]*${words}`).exec(list)?.[1] ?? '';
const markdown = async (): Promise<string> =>
  String((await renderReport(room.desk, await room.incident(), 'handling', 'md', 'zh')).body);

async function opened(): Promise<TestDesk> {
  const desk = await testDesk();
  await desk.say('ops', '/应急 开启 社保核心系统全部节点报错，窗口无法办理业务');
  await desk.say('duty', '/应急 应答');
  await desk.advance(3);
  await desk.say('ops', '02:55 起 8 个窗口全部无法办理，影响约 1200 人');
  await desk.advance(2);
  await desk.say('duty', '/应急 记录 已通知各窗口改走人工');
  return desk;
}

describe('the timeline that people tidy', () => {
  it('what was said and what was pinned is listed with numbers', async () => {
    room = await opened();
    const list = shown(await room.say('duty', '/应急 时间线'));
    expect(numberOf(list, '人工')).toMatch(/^\d+$/);
    expect(numberOf(list, '8 个窗口')).toMatch(/^M[0-9a-f]{6}$/);
  });

  it('rewords, with the original a step away, drops and takes back; the report says that it was edited', async () => {
    room = await opened();
    const number = numberOf(shown(await room.say('duty', '/应急 时间线')), '8 个窗口');
    await room.say('duty', `/应急 时间线 改写 ${number} 社保窗口自 02:55 起全部停办`);
    expect(await markdown()).toContain('社保窗口自 02:55 起全部停办');
    expect(await markdown()).toContain('改写 1 条');

    await room.say('duty', `/应急 时间线 略去 ${number}`);
    expect(await markdown()).not.toContain('社保窗口自 02:55 起全部停办');
    expect(await markdown()).toContain('略去 1 条');

    await room.say('duty', `/应急 时间线 恢复 ${number}`);
    expect(await markdown()).not.toContain('经人工整理');
    expect(shown(await room.say('duty', '/应急 时间线'))).toContain('8 个窗口');
  });

  it('moves an entry in front of another one', async () => {
    room = await opened();
    const list = shown(await room.say('duty', '/应急 时间线'));
    const pinned = numberOf(list, '人工');
    const heard = numberOf(list, '8 个窗口');
    await room.say('duty', `/应急 时间线 移动 ${pinned} 到 ${heard} 之前`);
    const after = shown(await room.say('duty', '/应急 时间线'));
    expect(after.indexOf('人工')).toBeLessThan(after.indexOf('8 个窗口'));
  });

  it('a number that does not exist is answered with the way to the numbers', async () => {
    room = await opened();
    const reply = await room.say('duty', '/应急 时间线 略去 M999999');
    expect(plainText(reply.toAsker?.headline ?? '')).toContain('M999999');
  });
});
