import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';

const cli = fileURLToPath(new URL('./cli.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'diagnose-'));
const FAULT = 'starting\njava.net.BindException: Address already in use\n';

function warroom(args: string[], input = '') {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', cli, 'diagnose', ...args],
    {
      input,
      encoding: 'utf8',
    },
  );
  return { status, stdout, stderr };
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('warroom diagnose', () => {
  it('reads standard input and prints the stable JSON, and nothing else', () => {
    const { status, stdout, stderr } = warroom(['--format', 'json'], FAULT);
    const answer = JSON.parse(stdout);
    expect(status).toBe(0);
    expect(stderr).toBe('');
    expect(Object.keys(answer)).toEqual(['findings', 'signature']);
    expect(Object.keys(answer.findings[0])).toEqual([
      'fault',
      'confidence',
      'phase',
      'evidence',
      'facts',
      'capture',
      'steps',
      'ruledOut',
    ]);
    expect(answer.findings[0]).toMatchObject({
      fault: 'port-in-use',
      phase: 'startup',
      evidence: [{ line: 2 }],
    });
  });
  it('answers a person on one screen, plain in a pipe; commands on request', () => {
    const { status, stdout } = warroom([], FAULT);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^🔎 最可能：端口被占用/);
    expect(stdout).toContain('L2 java.net.BindException: Address already in use');
    expect(stdout).not.toContain('\u001b');
    expect(stdout.split('\n').length).toBeLessThan(30);
    expect(stdout).not.toContain('ss -ltnp >');
    expect(warroom(['--commands', '--lang', 'en'], FAULT).stdout).toMatch(/\$ .*ss /);
  });
  it('exits 3 with the signature when nothing is known', () => {
    const { status, stdout } = warroom(['--format', 'json'], 'all is well\n');
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ findings: [], signature: 'all is well' });
  });
  it('answers line by line, in order, and says which line it cannot read', () => {
    const lines = [
      { id: 'b', text: FAULT },
      { id: 'a', text: 'fine' },
    ]
      .map((line) => JSON.stringify(line))
      .join('\n');
    const { status, stdout } = warroom(['--ndjson'], `${lines}\n`);
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(status).toBe(0);
    expect(answers.map((answer) => answer.id)).toEqual(['b', 'a']);
    expect(answers[0].findings[0].fault).toBe('port-in-use');
    const broken = warroom(['--ndjson'], `{"id":1}\n${lines}\n`);
    expect(broken.status).toBe(2);
    expect(broken.stdout.trim().split('\n')).toHaveLength(3);
    expect(broken.stderr).toContain('第 1 行');
  });
  it('reads rotated and packed files in the order of time and names file and line', () => {
    const now = file('server.log', FAULT);
    const old = file('server.log.1.gz', gzipSync(Buffer.from('java.io.IOException: Too many open files\n')));
    const { status, stdout } = warroom([now, old]);
    expect(status).toBe(0);
    expect(stdout).toContain('server.log.1:1 java.io.IOException');
    expect(stdout).toContain('server.log:2 java.net.BindException');
    const json = JSON.parse(warroom(['--format', 'json', now, old]).stdout);
    const proof = json.findings.find((one: { fault: string }) => one.fault === 'port-in-use').evidence[0];
    expect(proof).toMatchObject({ line: 3, file: 'server.log', fileLine: 2 });
  });
  it('draws errors per minute by fault on request, and says so when there is nothing to draw', () => {
    const minute = (at: number) =>
      `2026-03-01 10:0${at}:00,000 ERROR java.io.IOException: Too many open files\n`;
    const log = file('drawn.log', [1, 1, 1, 3, 3].map(minute).join(''));
    const svg = join(folder, 'out.svg');
    const { status, stderr } = warroom(['--picture', svg, log]);
    expect(status).toBe(0);
    expect(stderr).toContain('out.svg');
    const drawn = readFileSync(svg, 'utf8');
    expect(drawn).toContain('最多 3 于 2026-03-01 10:01');
    expect(drawn).toContain('2026-03-01 10:03 · 打开文件数超过上限 2');
    expect(drawn).toContain('prefers-color-scheme:dark');
    expect(warroom(['--picture', join(folder, 'none.svg')], FAULT).stderr).toContain('没有画图');
    expect(warroom(['--picture', join(folder, 'no', 'such.svg'), log])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('写不了'),
    });
  });
  it.each<[string, string[], RegExp]>([
    ['a file that is not there', [join(folder, 'none.log')], /打不开（ENOENT）/],
    ['a folder', [folder], /是目录/],
    [
      'a binary file',
      [
        file(
          'core',
          Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 31),
        ),
      ],
      /二进制文件/,
    ],
    ['an empty file', [file('empty.log', '')], /空的/],
    ['a gzip in a gzip', [file('twice.gz', gzipSync(gzipSync(Buffer.from(FAULT))))], /压缩包里还是压缩包/],
    ['an unknown format', ['--format', 'xml'], /text, json/],
  ])('exits 2 with a sentence for %s, and prints no answer', (_, args, sentence) => {
    const { status, stdout, stderr } = warroom(args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(sentence);
  });
  it('lets no terminal command of the log reach the terminal', () => {
    const { stdout } = warroom(
      [],
      'java.net.BindException: Address already in use \u001b]0;owned\u0007\u202e\n',
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(stdout).not.toMatch(/[\x07\x1b\u202e]/);
  });
});
