import { randomUUID } from 'node:crypto';
import { unzipSync } from 'fflate';
import { webDeps } from '../../src/view/index.ts';
import { createWeb, type Web } from '../../src/web/app.tsx';
import type { TestDesk } from '../support/desk.ts';
import { bare, member } from '../web/member.ts';

/** One thing that people of an organisation get to see, by what it is called. */
export interface Sight {
  readonly where: string;
  readonly text: string;
}

const FORMATS = ['html', 'md', 'docx', 'pdf'] as const;
/** Answers that quote the record, and mistakes whose answers might. */
const LINES = [
  '/应急 状态',
  '/应急 相似',
  '/应急 时间线',
  '/应急 复盘',
  '/应急 报告',
  '/应急 没有的命令',
  '/应急 记录',
];

/** What is packed is unpacked, so that nothing hides in a file. */
export function unpacked(bytes: Uint8Array): string {
  const plain = Buffer.from(bytes).toString('utf8');
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return plain;
  return Object.entries(unzipSync(bytes))
    .map(([name, part]) => name + Buffer.from(part).toString('utf8'))
    .join('\n');
}

export function webOf(desk: TestDesk, failed: string[]): Web {
  return createWeb(
    webDeps(desk.desk, {
      newId: randomUUID,
      metricsToken: 'metrics',
      environment: {},
      failed: (number, error) => failed.push(`${number} ${String(error)}`),
    }),
  );
}

/** All that the web room shows to a person: pages, reports, answers, and what an open page is sent. */
export async function webSights(
  desk: TestDesk,
  web: Web,
  person: string,
  reports: readonly { readonly report: string; readonly formats: readonly (typeof FORMATS)[number][] }[],
): Promise<readonly Sight[]> {
  const who = await member(web, person);
  const { code } = await desk.incident();
  const room = `/i/${code}`;
  const sights: Sight[] = [];
  const pages = ['', '/timeline', '/print', '/earlier?before=500', '/report/handling', '/report/joint'];
  for (const path of ['/', '/oncall', ...pages.map((one) => room + one)])
    sights.push({ where: path, text: await who.text(path) });
  for (const { report, formats } of reports)
    for (const format of formats) {
      const response = await who.get(`${room}/report/${report}/${format}`);
      const bytes = new Uint8Array(await response.arrayBuffer());
      sights.push({ where: `${report}.${format}`, text: unpacked(bytes) });
    }
  for (const line of LINES) {
    const answer = await who.post(`${room}/say`, { text: line, once: randomUUID() });
    sights.push({ where: line, text: await answer.text() });
  }
  const metrics = await bare(web, '/metrics', { headers: { authorization: 'Bearer metrics' } });
  sights.push({ where: '/metrics', text: await metrics.text() });
  sights.push({ where: '/health', text: await (await bare(web, '/health')).text() });

  // An open page is sent what it lacks, and ends with the session: then all of it was read.
  const open = await Promise.all([`${room}/live`, '/live'].map((path) => who.get(path)));
  const readers = open.flatMap((response) => (response.body ? [response.body.getReader()] : []));
  const begun = await Promise.all(readers.map((reader) => reader.read()));
  await who.post('/logout', {});
  await desk.say('ops', '嗯');
  for (const [index, reader] of readers.entries()) {
    const parts = [begun[index]?.value];
    for (let turn = await reader.read(); !turn.done; turn = await reader.read()) parts.push(turn.value);
    sights.push({
      where: index === 0 ? `${room}/live` : '/live',
      text: parts.map((part) => Buffer.from(part ?? []).toString('utf8')).join(''),
    });
  }
  return sights;
}

/** A marker as it may travel: plain, or in base64 at any of its three offsets. */
export function tracesOf(marker: string): readonly string[] {
  return [
    marker,
    ...[0, 1, 2].map((offset) => {
      const encoded = Buffer.from(`${'x'.repeat(offset)}${marker}`).toString('base64');
      return encoded.slice(offset === 0 ? 0 : 4, -4);
    }),
  ];
}
