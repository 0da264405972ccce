import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, describe, expect, it } from 'vitest';
import type { Reply } from '../../src/chat/port.ts';
import { filesOf, readEntry } from '../../src/learning/entry.ts';
import { renderReport } from '../../src/view/report.ts';
import { PASSWORD_FORMS, SHAPED, URL_FORMS } from '../secrets/forms.ts';
import { type TestDesk, testDesk } from '../support/desk.ts';

let room: TestDesk;
afterEach(() => room.close());

const PLANTED = 'Zq7!vK2mLp';
const secrets: readonly string[] = [PLANTED, ...SHAPED.map(([, secret]) => secret)];
const forms = [...PASSWORD_FORMS, ...URL_FORMS].map((one) => one.replace('@', () => PLANTED));
const lines = [...forms, ...SHAPED.map(([text]) => text)];

/** An unknown fault with every form as a line of its own between the lines that tell of it. */
const log = lines
  .map(
    (line, at) =>
      `2026-11-24 03:${String(at % 60).padStart(2, '0')}:06,201 ERROR [sched-3] cn.city.ledger.SettleJob - settlement window closed while ledger was ${at} entries behind\n${line}`,
  )
  .join('\n');

function survivors(text: string): readonly string[] {
  return secrets.filter((one) => text.includes(one));
}

/** Everything the desk has written to disk, free pages and the log of writes included. */
function onDisk(): string {
  return readdirSync(room.folder)
    .map((name) => join(room.folder, name))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path).toString('latin1'))
    .join('\n');
}

const shown = (reply: Reply): string => JSON.stringify([reply.toAsker, reply.form]);

describe('two hundred forms of secrets', () => {
  it('survive nowhere on the way from a log to a learnt entry, its withdrawal, the timeline, likeness and the reports', async () => {
    expect(lines.length).toBeGreaterThanOrEqual(200);
    room = await testDesk();
    const answers: string[] = [];
    const did = async (reply: Promise<Reply>): Promise<Reply> => {
      const answer = await reply;
      answers.push(shown(answer));
      return answer;
    };
    await did(room.say('ops', '/应急 开启 社保核心系统日终结算挂起'));
    await did(room.say('duty', log));
    const dropped = await did(room.drop('duty', `${forms[0]}.log`, Buffer.from(log)));
    const [picture] = dropped.attachments ?? [];
    expect(picture === undefined || survivors(picture.name).length === 0).toBe(true);
    const packed = {
      [`logs/${forms[1]}.log`]: Buffer.from('Too many open files\n'),
      'logs/b.log': Buffer.from('fine\n'),
    };
    await did(room.drop('duty', `${forms[2]}.zip`, zipSync(packed)));
    await did(room.say('duty', '/应急 类似'));
    await did(room.press('duty', 'diagnose', { timeline: 'yes', zone: 'unknown' }));
    await did(room.press('ops', 'restore'));

    const form = (await did(room.say('duty', '/应急 沉淀'))).form;
    const values = Object.fromEntries((form?.fields ?? []).map((one) => [one.name, one.value ?? '']));
    await did(
      room.press('duty', 'learn', {
        ...form?.args,
        ...values,
        lines: 'settlement window closed while ledger was * entries behind',
        cause: lines.join('\n'),
        steps: `重放账务流水 ${forms[0]}`,
        permanent: forms.slice(0, 40).join('; '),
        mustNot: forms.slice(40, 60).join('\n'),
      }),
    );
    expect((await room.incident()).drafts).toHaveLength(1);
    await did(room.say('rd1', `/应急 沉淀 驳回 K1 ${forms.slice(0, 30).join(' ; ')}`));
    const change = (await did(room.press('duty', 'learn', { do: 'change', draft: 'K1' }))).form;
    const again = Object.fromEntries((change?.fields ?? []).map((one) => [one.name, one.value ?? '']));
    await did(room.press('duty', 'learn', { ...change?.args, ...again }));
    await did(room.press('rd1', 'learn', { do: 'approve', draft: 'K1' }));
    const [row] = await room.desk.store.learnt();
    const read = readEntry(row?.text ?? '');
    expect(read.ok).toBe(true);
    if (read.ok) answers.push(JSON.stringify(filesOf(read.entry)));
    await did(room.say('duty', `/应急 沉淀 撤回 ${row?.entry} ${forms.slice(60, 90).join(' ; ')}`));
    expect((await room.desk.store.learnt())[0]?.withdrawn).not.toBeNull();
    await room.advance(1);
    answers.push(...(await room.talk()));
    for (const format of ['md', 'html'] as const)
      answers.push(
        String((await renderReport(room.desk, await room.incident(), 'handling', format, 'zh')).body),
      );

    expect(survivors(answers.join('\n'))).toEqual([]);
    expect(survivors(onDisk())).toEqual([]);
    expect(JSON.stringify(await room.desk.store.events((await room.incident()).id))).toContain(
      'settlement window',
    );
  });
});
