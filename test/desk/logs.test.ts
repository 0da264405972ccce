import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync, zipSync } from 'fflate';
import { afterEach, describe, expect, it } from 'vitest';
import { renderReport } from '../../src/view/report.ts';
import { type TestDesk, testDesk } from '../support/desk.ts';

let room: TestDesk | undefined;
afterEach(async () => {
  await room?.close();
  room = undefined;
});

const STUCK = (time: string, zone: string) =>
  `<${time} ${zone}> <Error> <WebLogicServer> <s1> <BEA-000337> <[STUCK] ExecuteThread: '7' for queue: 'weblogic.kernel.Default (self-tuning)' has been busy for "692" seconds working on the request "/tax/declare", which is more than the configured time (StuckThreadMaxTime) of "600" seconds.>`;

async function opened(): Promise<TestDesk> {
  const desk = await testDesk();
  await desk.say('ops', '/应急 开启 社保核心系统 打不开');
  return desk;
}

const timeline = async (desk: TestDesk) =>
  (await desk.desk.store.events((await desk.incident()).id)).filter(
    (event) => event.body.type === 'LogFactAdded',
  );

const spoken = async (desk: TestDesk) =>
  (await desk.desk.store.talk((await desk.incident()).id, ['joint'])).map(({ text }) => text);

describe('the facts of a log', () => {
  it('given a log whose zone is CST, then nothing enters the timeline before a person has said which CST it is', async () => {
    room = await opened();
    await room.drop(
      'ops',
      'server.log',
      Buffer.from(
        [STUCK('Nov 23, 2026 6:41:37 PM', 'CST'), STUCK('Nov 23, 2026 6:55:02 PM', 'CST')].join('\n'),
      ),
    );
    const asked = await room.press('ops', 'diagnose', { timeline: 'yes' });
    expect(await timeline(room)).toEqual([]);
    const field = asked.form?.fields[0];
    expect(field?.label).toContain('Nov 23, 2026 6:41:37 PM CST');
    expect(field?.value).toBeUndefined();
    expect(field?.options?.map(({ value }) => value)).toEqual([
      '+08:00',
      '+00:00',
      '-06:00',
      '-05:00',
      'unknown',
    ]);

    const done = await room.press('ops', 'diagnose', { ...asked.form?.args, zone: '+08:00' });
    expect(done.toAsker?.headline).toContain('2 条日志事实');
    const facts = await timeline(room);
    expect(facts.map(({ occurred }) => new Date(occurred).toISOString())).toEqual([
      '2026-11-23T10:41:37.000Z',
      '2026-11-23T10:55:02.000Z',
    ]);
    expect(facts[0]).toMatchObject({
      backdated: 'server.log:1',
      body: {
        zone: '+08:00',
        fact: { file: 'server.log', line: 1, printed: expect.stringContaining('6:41:37 PM CST') },
      },
    });
    expect(facts[1]?.body).toMatchObject({
      fact: { what: { zh: expect.stringContaining('共 2 次') }, line: 2 },
    });
  });

  it('then they stand in the report, each with its file and line and the zone that a person gave', async () => {
    room = await opened();
    await room.drop('ops', 'server.log', Buffer.from(`fine\n${STUCK('Nov 23, 2026 6:41:37 PM', 'CST')}\n`));
    await room.press('ops', 'diagnose', { timeline: 'yes', zone: '+08:00' });
    const report = String(
      (await renderReport(room.desk, await room.incident(), 'handling', 'md', 'zh')).body,
    ).replaceAll('\\', '');
    expect(report).toMatch(/18:41[^\n]*日志：出现 线程阻塞[^\n]*server\.log:2/);
    expect(report).toContain('时区由人确认：+08:00');
  });

  it('given the same log again, then it is not added twice', async () => {
    room = await opened();
    await room.say('ops', STUCK('Nov 23, 2026 6:41:37 PM', 'CST'));
    await room.press('ops', 'diagnose', { timeline: 'yes', zone: '-06:00' });
    const again = await room.press('ops', 'diagnose', { timeline: 'yes', zone: '-06:00' });
    expect(again.toAsker?.headline).toContain('已在时间线上');
    expect(await timeline(room)).toHaveLength(1);
  });

  it('given nobody knows the zone, then the printed time is kept and no instant is made up', async () => {
    room = await opened();
    await room.say('ops', STUCK('Nov 23, 2026 6:41:37 PM', 'CST'));
    await room.say('ops', '/应急 诊断 --to-timeline');
    await room.press('ops', 'diagnose', { timeline: 'yes', zone: 'unknown' });
    const [fact] = await timeline(room);
    expect(fact?.body).toMatchObject({
      zone: null,
      fact: { at: null, printed: expect.stringContaining('CST') },
    });
    expect((await room.say('ops', '/应急 时间线')).toAsker).not.toBeNull();
  });

  it('given times with an offset, then no zone is asked', async () => {
    room = await opened();
    await room.say(
      'ops',
      '[2026-11-23T18:41:37.123+0800] ERROR [main] java.net.BindException: Address already in use',
    );
    const asked = await room.say('ops', '/incident diagnose --to-timeline');
    expect(asked.form?.fields[0]?.options?.map(({ value }) => value)).toEqual(['unknown']);
    await room.press('ops', 'diagnose', { ...asked.form?.args, zone: 'unknown' });
    const [fact] = await timeline(room);
    expect(new Date(fact?.occurred ?? 0).toISOString()).toBe('2026-11-23T10:41:37.123Z');
  });

  it('given the log was an archive, then each fact names its file and the line in it', async () => {
    room = await opened();
    const zip = zipSync({
      'logs/server.log': Buffer.from('all quiet\n'.repeat(40)),
      'logs/server.log.1': Buffer.from(`fine\nfine\n${STUCK('Nov 23, 2026 6:41:37 PM', 'KST')}\n`),
    });
    await room.drop('ops', 'logs.zip', zip);
    await room.press('ops', 'diagnose', { timeline: 'yes', zone: 'unknown' });
    const [fact] = await timeline(room);
    expect(fact?.body).toMatchObject({ fact: { file: 'logs/server.log.1', line: 3 } });
    expect(new Date(fact?.occurred ?? 0).toISOString()).toBe('2026-11-23T09:41:37.000Z');
  });

  it('given there is no diagnosis yet, then it says what to do first', async () => {
    room = await opened();
    expect((await room.say('ops', '/应急 诊断 --to-timeline')).toAsker?.headline).toContain('先粘贴日志');
  });
});

describe('dropped logs', () => {
  it('given a log long enough to be drawn, then the handling report holds the picture and says it in words', async () => {
    room = await opened();
    const line = (minute: number) =>
      `2026-11-23 10:${String(minute).padStart(2, '0')}:00,000 ERROR [exec-1] java.io.IOException: Too many open files\n`;
    await room.drop(
      'ops',
      'server.log',
      Buffer.from(
        Array.from({ length: 40 }, (_, at) => line(at))
          .join('')
          .repeat(2),
      ),
    );
    const { body } = await renderReport(room.desk, await room.incident(), 'handling', 'html', 'zh');
    const html = String(body);
    expect(html).toContain('错误数，每格 1 分钟');
    expect(html).toMatch(/<svg[^>]*aria-label="[^"]*打开文件数[^"]*80/);
  });

  it('given a log of many megabytes, then it is read in a thread, progress is told in place and the errors are drawn', async () => {
    room = await opened();
    const minute = (at: number) => `2026-11-23 10:${String(at % 60).padStart(2, '0')}:00,000`;
    const quiet = (at: number) => `${minute(at)} INFO [exec-1] order booked in 3 ms\n`.repeat(3000);
    const loud = (at: number) =>
      `${minute(at)} ERROR [exec-1] java.io.IOException: Too many open files\n`.repeat(20);
    const log = Array.from({ length: 60 }, (_, at) => quiet(at) + (at > 30 ? loud(at) : '')).join('');
    const reply = await room.drop('ops', 'server.log', Buffer.from(log));
    // Chats that take files get the picture itself, the reports hold it as a figure.
    const [file] = reply.attachments ?? [];
    expect(file).toMatchObject({ type: 'image/png', name: expect.stringMatching(/^INC-.*\.png$/) });
    expect(
      Buffer.from((await file?.bytes()) ?? [])
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    const [diagnosed] = (await room.desk.store.events((await room.incident()).id)).filter(
      ({ body }) => body.type === 'FaultDiagnosed',
    );
    const body = diagnosed?.body.type === 'FaultDiagnosed' ? diagnosed.body : undefined;
    expect(body?.findings[0]).toMatchObject({ fault: 'too-many-open-files', facts: { count: '580' } });
    expect(body?.chart).toMatchObject({ unit: 'minute', step: 1 });
    expect(body?.chart?.series[0]?.counts).toEqual(new Array(29).fill(20));
    await room.advance(1);
    const talk = await spoken(room);
    const progress = talk.filter((line) => line.includes('server.log · '));
    expect(progress.join('\n')).toMatch(/正在读 server\.log · \d+ MB… \d+ %/);
    expect(progress.at(-1)).toContain('已读完 server.log');
  });

  it('given a packed log and a bomb, then the one is read and the other answered with a way out', async () => {
    room = await opened();
    await room.drop('ops', 's.log.gz', gzipSync(Buffer.from('java.io.IOException: Too many open files\n')));
    expect((await room.incident()).diagnoses.at(-1)?.findings[0]?.fault).toBe('too-many-open-files');
    const bomb = zipSync({ 'a.log': new Uint8Array(300 * 1024 * 1024) }, { level: 9 });
    const answer = await room.drop('ops', 'bomb.zip', bomb);
    expect(answer.toAsker?.headline).toMatch(/解压后超过|压缩比/);
  });

  it('given three thread dumps in one file, then the card says which thread stayed', async () => {
    room = await opened();
    const dumps = readFileSync(fileURLToPath(new URL('../samples/dumps/three.txt', import.meta.url)));
    await room.drop('ops', 'jstack.txt', dumps);
    await room.advance(1);
    const talk = await spoken(room);
    expect(talk.join('\n')).toContain('在三次快照中都停在 OrderDesk.readReply(OrderDesk.java:10)');
  });
});
