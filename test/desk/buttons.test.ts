import { afterEach, describe, expect, it } from 'vitest';
import { commandNamed } from '../../commands/index.ts';
import type { Block, Button } from '../../src/chat/message.ts';
import { messageSchema } from '../../src/chat/schema.ts';
import { nextButtons } from '../../src/view/next.ts';
import { type TestDesk, testDesk } from '../support/desk.ts';

let room: TestDesk;
afterEach(() => room.close());

function buttonsIn(blocks: readonly Block[]): readonly Button[] {
  return blocks.flatMap((block) => {
    if (block.block === 'buttons') return block.buttons;
    return block.block === 'fold' ? buttonsIn(block.blocks) : [];
  });
}

/** Everything the room offers to press now: its cards and the row above the composer. */
async function offered(): Promise<readonly Button[]> {
  const incident = await room.incident();
  const latest = new Map<string, string>();
  for (const entry of await room.desk.store.talk(incident.id, ['joint'])) {
    if (entry.form === 'bot') latest.set(entry.message, entry.text);
  }
  const cards = [...latest.values()].flatMap((text) =>
    buttonsIn(messageSchema.parse(JSON.parse(text)).blocks),
  );
  return [...cards, ...nextButtons(incident, 'duty', 'zh')];
}

/** What is told to somebody who pressed: a form, an answer in words, or silence because the room says it. */
async function pressAll(): Promise<readonly string[]> {
  const dead: string[] = [];
  for (const button of await offered()) {
    if (commandNamed(button.command) === null) {
      dead.push(`${button.label}: no command ${button.command}`);
      continue;
    }
    const reply = await room.press('duty', button.command, { ...button.args });
    if (JSON.stringify(reply.toAsker ?? '').includes('没有“'))
      dead.push(`${button.label}: ${JSON.stringify(reply.toAsker?.headline)}`);
  }
  return dead;
}

describe('no button is a dead end', () => {
  it('at the opening, with a diagnosis and an action on the table', async () => {
    room = await testDesk();
    await room.say('ops', '/应急 开启 社保核心系统全部节点报错');
    await room.say(
      'duty',
      'java.lang.OutOfMemoryError: Java heap space\n\tat com.example.Report.load(Report.java:41)',
    );
    await room.say('duty', '/应急 提议 停止异常节点');
    expect((await offered()).length).toBeGreaterThan(12);
    expect(await pressAll()).toEqual([]);
  });

  it('after it was resolved', async () => {
    room = await testDesk();
    await room.say('ops', '/应急 开启 社保核心系统全部节点报错');
    await room.say('ops', '/应急 恢复');
    await room.say('duty', '/应急 原因 连接泄漏');
    await room.say('duty', '/应急 解决');
    expect(await pressAll()).toEqual([]);
  });
});
