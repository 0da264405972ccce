/**
 * Excerpts of many different incidents, as alike as those of one customer are: the same products, modules, classes,
 * exceptions and phrases, put together differently. No word belongs to one incident alone.
 */

export type Random = () => number;

/** Mulberry32: small, and the same numbers everywhere. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const MODULES =
  'pension tax fee ledger housing medical permit archive parcel customs payroll invoice subsidy registry vehicle court transit water heating school'.split(
    ' ',
  );
const PACKAGES =
  'cn.gov.city com.vendor.app com.kingbase8.util org.apache.axis org.quartz.core net.sf.jasperreports com.alibaba.dubbo org.hibernate.engine org.springframework.web com.dameng.pool'.split(
    ' ',
  );
const NOUNS =
  'Batch Report Account Voucher Order Session Message Cache Index Template Quota Sequence Schedule Workflow Attachment Signature Certificate Address Payment Balance'.split(
    ' ',
  );
const SUFFIXES =
  'Service Manager Handler Dao Job Listener Exporter Importer Filter Controller Resolver Builder Worker Gateway'.split(
    ' ',
  );
const METHODS =
  'process submit load flush merge export parse commit dispatch validate acquire render calculate archive synchronize notifyAll rebuild publish'.split(
    ' ',
  );
const EXCEPTIONS =
  'java.lang.IllegalStateException java.lang.NullPointerException java.sql.SQLException java.util.ConcurrentModificationException java.io.IOException java.lang.IllegalArgumentException java.util.concurrent.TimeoutException javax.naming.NamingException java.lang.ArrayIndexOutOfBoundsException org.xml.sax.SAXParseException java.text.ParseException java.lang.ClassCastException javax.ejb.EJBException java.rmi.RemoteException java.io.EOFException java.lang.UnsupportedOperationException java.util.NoSuchElementException java.lang.NumberFormatException'.split(
    ' ',
  );
const MESSAGES = [
  '{Noun} {n} was changed by another session while {method} was running',
  'cursor of {Noun} closed after {n} rows, {method} gave up',
  '{module} queue is {n} entries behind, limit {n}',
  'unexpected state {n} of {Noun} in {method}',
  '{Noun} number {n} missing in {module} table',
  'no {Noun} for key "{hex}" in region {module}',
  'checksum of {path} differs: expected {hex}, found {hex}',
  'lock of {Noun} {n} held by {host} for {n} ms',
  '{method} took {n} ms, limit {n} ms, thread {n}',
  'partial answer of {n} bytes from {host}:{n} for {module}',
  '{module}模块{Noun}数量不一致：应为 {n}，实为 {n}',
  '第 {n} 批{module}数据{method}未完成，剩余 {n} 条',
  '{Noun}流水号 {n} 重复，来源 {host}',
  '接口 {path} 返回内容无法解析，报文长度 {n}',
  '归档{module}时校验位不符：{hex}',
  '排队超过 {n} 秒，{Noun}任务被放弃',
  'invalid transition from step {n} to step {n} in {module} workflow',
  'template {path} asks for field {Noun} that {module} does not have',
  'version {n} of {Noun} is older than {n}',
  'sequence of {module} jumped from {n} to {n}',
  'encoding of column {Noun} differs between {host} and {host}',
  'listener {Noun} of {module} left after {n} deliveries',
  'partition {n} has no leader for topic {module}-{Noun}',
  '调用{module}服务返回码 {n}，{method}回滚',
];
const NOISE = [
  'GET {path} {n} {n} ms',
  'session {hex} created for {host}',
  'scheduled task {module} finished in {n} ms',
  'pool {module} active {n} idle {n}',
  'cache {Noun} hit ratio {n}%',
  '用户 {n} 登录成功，来自 {ip}',
  'heartbeat from {host} received',
  'GC pause {n} ms, heap {n}M',
  'health check of {module} passed',
  '定时任务 {module} 开始执行',
  'config {path} reloaded',
  'closing idle connection to {ip}:{n}',
];

export interface Entry {
  readonly level: 'INFO' | 'WARN' | 'ERROR';
  readonly logger: string;
  /** With places such as `{n}` that differ from one occurrence to the next. */
  readonly message: string;
  /** Exception, causes and frames. */
  readonly trace: readonly string[];
}

export interface Incident {
  readonly layout: number;
  readonly entries: readonly Entry[];
}

const pick = <T>(list: readonly T[], random: Random): T => {
  const one = list[Math.floor(random() * list.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
};
const between = (low: number, high: number, random: Random): number =>
  low + Math.floor(random() * (high - low + 1));

const fixed = (text: string, random: Random): string =>
  text
    .replaceAll('{module}', () => pick(MODULES, random))
    .replaceAll('{Noun}', () => pick(NOUNS, random))
    .replaceAll('{method}', () => pick(METHODS, random));

const className = (random: Random): string =>
  `${pick(PACKAGES, random)}.${pick(MODULES, random)}.${pick(NOUNS, random)}${pick(SUFFIXES, random)}`;

function frames(count: number, random: Random): string[] {
  return Array.from({ length: count }, () => {
    const name = className(random);
    return `\tat ${name}.${pick(METHODS, random)}(${name.split('.').at(-1)}.java:{n})`;
  });
}

function noise(random: Random): Entry {
  return {
    level: random() < 0.85 ? 'INFO' : 'WARN',
    logger: className(random),
    message: fixed(pick(NOISE, random), random),
    trace: [],
  };
}

function complaint(random: Random): Entry {
  const trace = [`${pick(EXCEPTIONS, random)}: ${fixed(pick(MESSAGES, random), random)}`];
  trace.push(...frames(between(2, 7, random), random));
  if (random() < 0.4) {
    trace.push(`Caused by: ${pick(EXCEPTIONS, random)}: ${fixed(pick(MESSAGES, random), random)}`);
    trace.push(...frames(between(1, 4, random), random), '\t... {n} more');
  }
  return {
    level: 'ERROR',
    logger: className(random),
    message: fixed(pick(MESSAGES, random), random),
    trace: random() < 0.75 ? trace : [],
  };
}

export function incident(random: Random): Incident {
  const entries = [
    ...Array.from({ length: between(1, 3, random) }, () => complaint(random)),
    ...Array.from({ length: between(2, 10, random) }, () => noise(random)),
  ].sort(() => random() - 0.5);
  return { layout: Math.floor(random() * LAYOUTS.length), entries };
}

type Layout = (entry: Entry, time: Date, random: Random) => string;
const iso = (time: Date): string => time.toISOString();
const LAYOUTS: readonly Layout[] = [
  (entry, time, random) =>
    `${iso(time).replace('T', ' ').replace('.', ',').slice(0, 23)} ${entry.level} [exec-${between(1, 300, random)}] ${entry.logger} - `,
  (entry, time) => `[${iso(time)}] [AAS 10] [${entry.level}] [] [${entry.logger}] [tid: _ThreadID=`,
  (entry, time, random) =>
    `${iso(time)} ${host(random)} app[${between(300, 65_000, random)}]: ${entry.level} `,
  (entry, time) => `<${iso(time).slice(0, 19)} CST> <${entry.level}> <${entry.logger.split('.').at(-1)}> `,
];

function host(random: Random): string {
  const name = pick(['app', 'node', 'fee', 'zw', 'core', 'web', 'db', 'gw'], random);
  return `${name}-${pick(['bj', 'sh', 'gz', 'dc', 'prod'], random)}-${between(1, 99, random)}`;
}

/** One occurrence: times, hosts, numbers, pids and ids are its own. */
export function occurrence({ layout, entries }: Incident, random: Random): string {
  let at = Date.UTC(2026, between(0, 11, random), between(1, 28, random), between(0, 23, random));
  const draw = LAYOUTS[layout % LAYOUTS.length] ?? LAYOUTS[0];
  const hex = (): string =>
    Math.floor(random() * 2 ** 48)
      .toString(16)
      .padStart(12, '0');
  const own = (text: string): string =>
    text
      .replaceAll('{n}', () => String(between(1, 90_000, random)))
      .replaceAll('{hex}', hex)
      .replaceAll('{host}', () => host(random))
      .replaceAll(
        '{ip}',
        () => `10.${between(0, 255, random)}.${between(0, 255, random)}.${between(1, 254, random)}`,
      )
      .replaceAll(
        '{path}',
        () => `/data/${pick(['d1', 'd2', 'd3'], random)}/f${between(1, 9_000, random)}.xml`,
      );
  return entries
    .flatMap((entry) => {
      at += between(1, 60_000, random);
      const head = draw?.(entry, new Date(at), random) ?? '';
      return [`${head}${own(entry.message)}`, ...entry.trace.map(own)];
    })
    .join('\n');
}

/**
 * The same incident at another time and place: other hosts, numbers, pids and times, its entries in another order,
 * a third of its lines missing, lines of other business between them, and now and then another log layout.
 */
export function again(original: Incident, random: Random): string {
  const entries = [...original.entries.map((entry) => ({ entry, at: random() }))]
    .sort((a, b) => a.at - b.at)
    .map(({ entry }) => entry);
  for (let extra = between(2, 8, random); extra > 0; extra--)
    entries.splice(
      between(0, entries.length, random),
      0,
      random() < 0.15 ? complaint(random) : noise(random),
    );
  const layout = random() < 0.2 ? Math.floor(random() * LAYOUTS.length) : original.layout;
  const lines = occurrence({ layout, entries }, random).split('\n');
  return lines.filter(() => random() > 0.33).join('\n');
}
