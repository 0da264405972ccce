import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv from 'ajv-draft-04';
import formats from 'ajv-formats';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandNamed } from '../../commands/index.ts';
import { MANIFEST_VERSION, MENU, teamsManifest } from '../../src/chat/teams/package.ts';
import { PROJECT } from '../../src/config.ts';

const APP = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';
/** Microsoft's own, as their package carries it. */
const SCHEMA = join(
  PROJECT,
  `node_modules/@microsoft/app-manifest/build/json-schemas/teams/v${MANIFEST_VERSION}/MicrosoftTeams.schema.json`,
);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'warroom-teams-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function configured(teams: string, publicUrl = 'https://warroom.example'): string {
  const file = join(folder, 'warroom.yaml');
  const sample = readFileSync(join(PROJECT, 'warroom.sample.yaml'), 'utf8');
  const desk = sample.replace('\ndesk:\n', `\ndesk:\n  publicUrl: ${publicUrl}\n`);
  writeFileSync(file, `${desk}\nchat:\n  teams: ${teams}\n`);
  return file;
}
const warroom = (config: string, ...more: readonly string[]) =>
  spawnSync(
    process.execPath,
    [
      '--import',
      'tsx',
      'src/cli.ts',
      'teams-package',
      '--config',
      config,
      '-o',
      join(folder, 'app.zip'),
      ...more,
    ],
    { cwd: PROJECT, encoding: 'utf8', env: { ...process.env, TEAMS_APP_ID: APP, NO_COLOR: '1' } },
  );
const problems = (manifest: unknown): unknown => {
  const ajv = new Ajv.default({ strict: false, allErrors: true });
  formats.default(ajv);
  const check = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')));
  check(manifest);
  return check.errors ?? [];
};

describe('the app package', () => {
  it.each(['everything', 'addressed'] as const)(
    'holds a manifest of the published schema (hears %s)',
    (hears) => {
      const made = warroom(configured(`{ hears: ${hears} }`));
      expect(made.stderr).toBe('');
      expect(made.status).toBe(0);
      const files = unzipSync(readFileSync(join(folder, 'app.zip')));
      expect(Object.keys(files).sort()).toEqual(['color.png', 'manifest.json', 'outline.png']);
      const manifest: unknown = JSON.parse(strFromU8(files['manifest.json'] ?? new Uint8Array()));
      expect(problems(manifest)).toEqual([]);
      const text = JSON.stringify(manifest);
      expect(text.includes('ChannelMessage.Read.Group')).toBe(hears === 'everything');
      expect(text.includes('ChatMessage.Read.Chat')).toBe(hears === 'everything');
      // Two pictures of the sizes that Teams asks for, by a reader that is not ours.
      for (const [name, size] of [
        ['color.png', '192 x 192'],
        ['outline.png', '32 x 32'],
      ] as const) {
        writeFileSync(join(folder, name), files[name] ?? new Uint8Array());
        expect(execFileSync('file', [join(folder, name)], { encoding: 'utf8' })).toContain(
          `${size}, 8-bit/color RGBA`,
        );
      }
    },
  );

  it('the schema refuses what is wrong, so that the check says something', () => {
    const manifest = teamsManifest({
      app: APP,
      version: '1.0.0',
      name: 'w',
      web: 'https://w.example',
      hears: 'addressed',
    });
    expect(problems({ ...manifest, version: 1 })).not.toEqual([]);
    expect(problems({ ...manifest, surprise: true })).not.toEqual([]);
  });

  it('offers only commands that there are', () => {
    const manifest = teamsManifest({
      app: APP,
      version: '1.0.0',
      name: 'w',
      web: 'https://w.example',
      hears: 'addressed',
    });
    const titles = manifest.bots[0]?.commandLists[0]?.commands.map((one) => one.title) ?? [];
    expect(titles.length).toBeGreaterThan(5);
    expect([...titles, ...MENU].filter((one) => commandNamed(one) === null)).toEqual([]);
  });

  it.each([
    ['{ mode: azure }', 'http://warroom.local', [], 'desk.publicUrl'],
    ['{ appIdEnv: NOT_SET }', 'https://warroom.example', [], 'NOT_SET'],
    ['{ mode: azure }', 'https://warroom.example', ['--version-number', 'new'], '1.0.1'],
  ] as const)('a mistake (%s, %s) is said with its fix', (teams, url, more, fix) => {
    const made = warroom(configured(teams, url), ...more);
    expect(made.status).toBe(1);
    expect(made.stderr).toContain(fix);
    expect(made.stdout).toBe('');
  });
});
