// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shells print their variables like this
import { describe, expect, it } from 'vitest';
import { diagnose, loadKnowledge } from '../../src/diagnosis/index.ts';

const knowledge = loadKnowledge();
const top = (text: string) => diagnose(text, knowledge).findings[0];

/** The plan's printed messages (L333–L414), as printed, and the product messages they were derived from. */
const printed: [string, string, string, string][] = [
  ['F1', 'oom-heap', 'running', 'java.lang.OutOfMemoryError'],
  ['F2', 'stuck-thread', 'running', 'more than the configured time (StuckThreadMaxTime) of "600" seconds'],
  [
    'F3',
    'jdbc-pool-exhausted',
    'running',
    'error occured:Apusic.jdbc.extensions.PoolLimitSQLException: Apusic.common.resourcepool.ResourceLimitException: No resources currently available in pool dgNonPool to allocate to applications, please increase the size of the pool and retry..',
  ],
  [
    'F4',
    'jdbc-pool-exhausted',
    'running',
    'server-000627 Reachedmaximum capacity of pool “JDB-HQGL” make 0 new resource instances\n<server-000628> <Created "1" resources for pool "JDBC Data Source-0", out of which "0" are available and "1" are unavailable.',
  ],
  ['F5', 'too-many-open-files', 'running', 'Too many open files'],
  [
    'F6',
    'boot-auth-denied',
    'startup',
    '<server-000386> <Server subsystem failed. Reason: apusic.security.SecurityInitializationException: Authentication for user Apusicdenied\nApusic.security.SecurityInitializationException: Authentication for user Apusicdenied',
  ],
  [
    'F7',
    'process-killed',
    'running',
    '/home/Middleware/aas/bin/startserv: line 180: 64034 Killed                  ${JAVA_HOME}/bin/java ${JAVA_VM} ${MEM_ARGS}',
  ],
  [
    'F8',
    'permission-denied',
    'startup',
    '<Aug 10, 2014 1:41:37 AM CST> <Error> <EmbeddedLDAP> <srver-000000> <Error opening the Transaction Log: /home/Middleware/domains/test_domain/config/server.policy Permission denied)>',
  ],
  [
    'F9',
    'db-unreachable',
    'running',
    '<Aug 10, 2014 3:15:07 AM CST> <Error> <JDBC> <server-001112> <Test "SELECT 1 FROM DUAL" set up for pool "JDBC Data Source-0" failed with exception: "java.sql.SQLRecoverableException: No more data to read from socket".>\n<Aug 10, 2014 3:15:07 AM CST> <Warning> <JDBC> <server-001129> <Received exception while creating connection for pool "JDBC Data Source-0": IO Error: The Network Adapter could not establish the connection.>',
  ],
  [
    'F10',
    'java-home-invalid',
    'startup',
    'The JRE was not found in directory /usr/java/1.8.0_232. (JAVA_HOME)\nPlease edit your environment and set the JAVA_HOME\nvariable to point to the root directory of your Java installation.',
  ],
  [
    'F11',
    'license-rejected',
    'running',
    '<server-002621> <Connection rejected, the server license allows connections from only 5 unique IP addresses.>',
  ],
  [
    'F12',
    'lock-held',
    'startup',
    'VM Version 1.8.0_232 from Sun Microsystems Inc.>\n<2014-8-11 下午04时50分58秒 CST> <Critical> <ApusicServer> <server-000362> <Server failed. Reason:\nThere are 1 nested errors:\nApusic.management.ManagementException: Unable to obtain lock on /home/middleware/domains/test_domain/servers/AdminServer/tmp/AdminServer.lok. Server may already be running',
  ],
];

const originals = printed.map(([row, fault, phase, text]): [string, string, string, string] => [
  row,
  fault,
  phase,
  text
    .replace(/s(?:e?rv|rv)er-(\d{6})/g, 'BEA-$1')
    .replace(/apusic\./gi, 'weblogic.')
    .replace('Apusicdenied', 'weblogic denied')
    .replace('Reachedmaximum', 'Reached maximum')
    .replace('make 0 new resource instances', 'making "0" new resource instances instead of "1".')
    .replace('config/server.policy Permission denied)', 'data/ldap/EmbeddedLDAP.tran (Permission denied)')
    .replace('aas/bin/startserv', 'bin/startWebLogic.sh'),
]);

describe('the plan’s printed messages', () => {
  it.each(printed)('%s is %s, %s', (_, fault, phase, text) => {
    expect(top(text)).toMatchObject({ fault, phase });
    expect(top(text)?.confidence).toBeGreaterThanOrEqual(0.5);
  });
  it.each(originals)('%s: its original is %s, %s', (_, fault, phase, text) => {
    expect(top(text)).toMatchObject({ fault, phase });
  });
  it('survives a chat: quoted, fenced, curly quotes, full width, colours, CRLF', () => {
    const wraps: ((text: string) => string)[] = [
      (text) =>
        text
          .split('\n')
          .map((line) => `> ${line}`)
          .join('\n'),
      (text) => `\`\`\`\n${text}\n\`\`\``,
      (text) => text.replaceAll('"', '”'),
      (text) => text.replaceAll('(', '（').replaceAll(')', '）'),
      (text) => `\u001b[31m${text}\u001b[0m`,
      (text) => text.replaceAll('\n', '\r\n'),
      (text) => text.replaceAll(' ', '\u00a0'),
      (text) => text.replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
      (text) =>
        `2024-01-02T03:04:05.678901234Z stderr F ${text.replaceAll('\n', '\n2024-01-02T03:04:05.678901234Z stderr F ')}`,
    ];
    for (const wrap of wraps)
      for (const [row, fault, , text] of printed)
        expect(top(wrap(text))?.fault, `${row} ${wrap}`).toBe(fault);
  });
});

describe('what the answer carries', () => {
  it('facts go into the commands, quoted', () => {
    const finding = top('app.sh: line 180: 64034 Killed ${JAVA_HOME}/bin/java');
    expect(finding?.facts.pid).toBe(64034);
    const port = top('Web server failed to start. Port 8080 was already in use.');
    expect(port?.steps.flatMap((step) => step.commands).join('\n')).toContain("PORT='8080'");
  });
  it('a fact that is no plain value never reaches a command', () => {
    const finding = top('java.nio.file.AccessDeniedException: /data/$(reboot);rm -rf /');
    const commands = [...(finding?.steps ?? []), ...(finding?.capture ?? [])].flatMap(
      (step) => step.commands,
    );
    expect(commands.join('\n')).not.toContain('reboot');
  });
  it('names the lines of the input, 1-based', () => {
    const finding = top(`one\ntwo\n\njava.net.BindException: Address already in use\nfive`);
    expect(finding?.evidence[0]).toEqual({ line: 4, text: 'java.net.BindException: Address already in use' });
  });
  it('a database that is gone stands before the pool it empties', () => {
    const faults = diagnose(
      [
        'java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms (total=10, active=10, idle=0, waiting=4)',
        '',
        'com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure',
      ].join('\n'),
      knowledge,
    ).findings.map((finding) => finding.fault);
    expect(faults).toEqual(['db-unreachable', 'jdbc-pool-exhausted']);
  });
  it('a listener fault is listed with the unreachable database it causes', () => {
    const faults = diagnose(
      'ORA-12514, TNS:listener does not currently know of service requested',
      knowledge,
    ).findings;
    expect(faults.map((finding) => finding.fault)).toEqual(['db-listener', 'db-unreachable']);
  });
  it('the kernel’s evidence stands before the killed process', () => {
    const text =
      'kernel: Out of memory: Killed process 64034 (java)\nstartserv: line 180: 64034 Killed ${JAVA_HOME}/bin/java';
    expect(diagnose(text, knowledge).findings.map((finding) => finding.fault)).toEqual([
      'os-oom-killed',
      'process-killed',
    ]);
  });
  it('a later recovery lowers what it answers', () => {
    const stuck = '<BEA-000337> <[STUCK] ExecuteThread: \'2\' has been busy for "650" seconds>';
    const recovered = `${stuck}\n<BEA-000339> <ExecuteThread: '2' has become "unstuck".>`;
    expect(top(recovered)?.confidence ?? 0).toBeLessThan(top(stuck)?.confidence ?? 0);
  });
  it('a full pool rules out nothing; a pool that is not full is ruled out with its reason', () => {
    const finding = top(
      'GetConnectionTimeoutException: wait millis 60000, active 0, maxActive 20, creating 1',
    );
    expect(finding?.fault).toBe('db-unreachable');
    expect(finding?.ruledOut.map((r) => r.fault)).toContain('jdbc-pool-exhausted');
    expect(finding?.mustNot.map((m) => m.zh).join()).toContain('连接池');
  });
  it('an unknown text has a signature that does not change with its variable parts', () => {
    const at = (n: number) =>
      diagnose(
        `2024-01-0${n} 10:00:0${n} ERROR com.a.Order : order ${n}123 of '${n}x' failed at 10.0.0.${n}`,
        knowledge,
      );
    expect(at(1).findings).toEqual([]);
    expect(at(1).signature).toBe(at(2).signature);
    expect(at(1).telling[0]?.line).toBe(1);
    expect(at(1).capture.length).toBeGreaterThan(0);
  });
});
