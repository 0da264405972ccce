import { describe, expect, it } from 'vitest';
import { card } from '../../src/cli/diagnosis-card.ts';
import { diagnose, loadKnowledge } from '../../src/diagnosis/index.ts';
import { samples } from './samples.ts';

const knowledge = loadKnowledge();
const faults = (...lines: string[]) => diagnose(`${lines.join('\n')}\n`, knowledge).findings;
const ids = (...lines: string[]) => faults(...lines).map(({ fault }) => fault);

const POOL_FULL =
  '2026-03-10 10:01:02,101 ERROR [exec-3] com.alibaba.druid.pool.GetConnectionTimeoutException: wait millis 60000, active 50, maxActive 50, creating 0';
const NO_DATABASE =
  '2026-03-10 10:01:12,441 ERROR [exec-7] java.sql.SQLRecoverableException: IO Error: The Network Adapter could not establish the connection';
const STUCK =
  '<Mar 10, 2026 10:03:12 AM CST> <Error> <WebLogicServer> <BEA-000337> <[STUCK] ExecuteThread: \'20\' for queue: \'weblogic.kernel.Default (self-tuning)\' has been busy for "692" seconds working on the request "/tax", which is more than the configured time (StuckThreadMaxTime) of "600" seconds.>';
const UNSTUCK =
  "<Mar 10, 2026 10:09:00 AM CST> <Info> <WebLogicServer> <BEA-000339> <[ACTIVE] ExecuteThread: '20' for queue: 'weblogic.kernel.Default (self-tuning)' has become \"unstuck\".>";
const HEAP = '2026-03-10 10:00:40,002 ERROR [exec-1] java.lang.OutOfMemoryError: Java heap space';
const GATEWAY =
  '2026/03/10 10:04:00 [error] 31#31: *99 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 10.0.0.9, server: tax, request: "GET /tax HTTP/1.1", upstream: "http://10.1.1.5:8080/tax"';
const DISK = '2026-03-10 10:00:00,000 ERROR [main] java.io.IOException: No space left on device';
const PORT = '2026-03-10 10:05:00,000 ERROR [main] java.net.BindException: Address already in use';

describe('several faults in one paste', () => {
  it('the database that is gone stands before the pool it emptied and the threads that wait, wherever it stands', () => {
    const wanted = ['db-unreachable', 'jdbc-pool-exhausted', 'stuck-thread'];
    expect(ids(POOL_FULL, POOL_FULL, NO_DATABASE, STUCK)).toEqual(wanted);
    expect(ids(STUCK, POOL_FULL, NO_DATABASE)).toEqual(wanted);
    expect(ids(NO_DATABASE, STUCK, POOL_FULL)).toEqual(wanted);
  });
  it('a full heap stands before the stuck threads and the gateway that gave up', () => {
    expect(ids(GATEWAY, STUCK, HEAP)).toEqual(['oom-heap', 'stuck-thread', 'gateway-upstream']);
  });
  it('a symptom is never surer than its root', () => {
    const confidences = faults(STUCK, POOL_FULL, NO_DATABASE).map(({ confidence }) => confidence);
    expect(confidences).toEqual([...confidences].sort((a, b) => b - a));
  });
  it('of two that have nothing to do with each other the earlier comes first, and both are told', () => {
    expect(ids(DISK, PORT)).toEqual(['disk-full', 'port-in-use']);
    expect(ids(PORT, DISK)).toEqual(['port-in-use', 'disk-full']);
  });
  it('in one record the deepest cause comes first', () => {
    const [first] = faults(
      '2026-03-10 10:00:00,000 ERROR [exec-1] javax.persistence.PersistenceException: Unable to acquire JDBC Connection',
      'Caused by: java.sql.SQLException: Cannot create PoolableConnectionFactory (Communications link failure)',
      'Caused by: com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure',
      'Caused by: java.net.UnknownHostException: db-primary.invalid',
    );
    expect(first).toMatchObject({ fault: 'dns-unknown-host', evidence: [{ line: 4 }] });
  });
  it('a listener that is down is told as such and as a database out of reach', () => {
    expect(
      ids(
        'java.sql.SQLException: Listener refused the connection with the following error:',
        'ORA-12541, TNS:no listener',
      ),
    ).toEqual(expect.arrayContaining(['db-listener', 'db-unreachable']));
  });
  it('a finding keeps its facts apart from the others’', () => {
    const found = faults(POOL_FULL, STUCK);
    expect(found.find(({ fault }) => fault === 'jdbc-pool-exhausted')?.facts).toMatchObject({
      active: 50,
      max: 50,
    });
    expect(found.find(({ fault }) => fault === 'stuck-thread')?.facts).toMatchObject({
      busy: 692,
      limit: 600,
    });
  });
});

describe('the answer', () => {
  it('fits one screen for every sample, and every fault says what, why, what to do now and later', () => {
    const tall = samples()
      .map(({ text }) => diagnose(text, knowledge))
      .map((found) => card(found, { lang: 'zh', colour: false, places: [], commands: false, reasons: false }))
      .filter((answer) => answer.split('\n').length > 30);
    expect(tall).toEqual([]);
    const answer = card(diagnose(`${POOL_FULL}\n`, knowledge), {
      lang: 'zh',
      colour: false,
      places: [],
      commands: false,
      reasons: false,
    });
    for (const part of ['最可能', '原因', '依据', '也可能', '重启前先取证', '恢复', '以后'])
      expect(answer).toContain(part);
  });
  it('a warning keeps its "do not" wherever it stands in the sentence', () => {
    const answer = card(diagnose(`${STUCK}\n`, knowledge), {
      lang: 'zh',
      colour: false,
      places: [],
      commands: false,
      reasons: false,
    });
    expect(answer).toContain('没有线程快照前不要重启');
  });
});

describe('every rule that spoke', () => {
  const look = { lang: 'zh', colour: false, places: [], commands: false, reasons: true } as const;

  it('is listed with its weight and line, for and against, when asked for', () => {
    const over = '<Info> <BEA-000339> <[STUCK] ExecuteThread: \'7\' has become "unstuck".>';
    const { findings } = diagnose(`${STUCK}\n${over}\n`, knowledge);
    const answer = card(diagnose(`${STUCK}\n${over}\n`, knowledge), look);
    const [best] = findings;
    for (const { rule, line } of best?.reasons ?? []) expect(answer).toContain(`${rule} L${line}`);
    expect(best?.reasons.some((one) => one.side === 'against')).toBe(true);
    expect(answer).toContain('已恢复');
    expect(answer.startsWith('🔎 疑似')).toBe((best?.confidence ?? 0) < 0.5);
  });
});

describe('a fact that is copied into a command', () => {
  it('is the path alone, without the full stop of its sentence', () => {
    const lock =
      'ManagementException: Unable to obtain lock on /aas/d1/tmp/AdminServer.lok. Server may already be running';
    const [found] = diagnose(`${lock}\n`, knowledge).findings;
    expect(found?.facts.path).toBe('/aas/d1/tmp/AdminServer.lok');
    expect(found?.otherwise[0]?.check).toBe("fuser -v '/aas/d1/tmp/AdminServer.lok'");
  });
});

describe('a JVM that cannot start for want of memory', () => {
  it('is told apart from a heap that filled while it ran', () => {
    const cause = (line: string) => diagnose(`${line}\n`, knowledge).findings[0]?.cause.en ?? '';
    const start = cause(
      'Error occurred during initialization of VM\nCould not reserve enough space for object heap',
    );
    expect(start).toContain('cannot start');
    expect(cause('java.lang.OutOfMemoryError: Java heap space')).not.toContain('cannot start');
  });
});

describe('recovery', () => {
  const sure = (...lines: string[]) =>
    faults(...lines).find(({ fault }) => fault === 'stuck-thread')?.confidence ?? 0;
  it('a thread that came back lowers what it answers', () => {
    expect(sure(STUCK)).toBeGreaterThanOrEqual(0.9);
    expect(sure(STUCK, UNSTUCK)).toBeLessThan(0.5);
  });
  it('a recovery before the fault answers nothing, and neither does one of another fault', () => {
    expect(sure(UNSTUCK, STUCK)).toBe(sure(STUCK));
    expect(faults(HEAP, UNSTUCK)[0]).toMatchObject({
      fault: 'oom-heap',
      confidence: faults(HEAP)[0]?.confidence,
    });
  });
  it('a fault that comes again after the recovery counts in full', () => {
    expect(sure(STUCK, UNSTUCK, STUCK)).toBeGreaterThanOrEqual(0.9);
  });
});
