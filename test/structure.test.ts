import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT } from '../src/config.ts';

/** What a platform's folder needs of the house. */
const CHAT_FOLDER = [
  'src/chat/message.ts',
  'src/chat/port.ts',
  'src/chat/schema.ts',
  'src/chat/once.ts',
  'src/chat/patience.ts',
  'src/chat/cut.ts',
  'src/chat/name.ts',
  'src/chat/json.ts',
  'src/chat/aside.ts',
  'src/chat/picture.ts',
  'src/chat/public-address.ts',
  'src/incident/events.ts',
];

/** Who may import whom; docs/architecture.md says why. `self` is always allowed. */
const MAY: Readonly<Record<string, readonly string[]>> = {
  'src/incident': [],
  'src/plan': ['src/incident'],
  'src/roster': ['src/incident'],
  'src/words': ['src/incident', 'src/chat/message.ts'],
  'src/secrets': [],
  'src/chart': ['src/incident/events.ts'],
  'src/diagnosis': ['src/secrets'],
  'src/learning': ['src/incident', 'src/diagnosis', 'src/chat/message.ts', 'src/store/port.ts'],
  'src/summary': ['src/incident', 'src/chart', 'src/words', 'src/plan/yaml.ts'],
  'src/chat/message.ts': [],
  'src/chat/port.ts': ['src/chat/message.ts', 'src/incident/events.ts', 'src/incident/visibility.ts'],
  'src/chat/note.ts': ['src/incident/visibility.ts'],
  'src/chat/schema.ts': ['src/chat/message.ts'],
  'src/chat/web': ['src/chat', 'src/incident/events.ts'],
  'src/chat/once.ts': [],
  'src/chat/patience.ts': ['src/chat/port.ts'],
  'src/chat/cut.ts': [],
  'src/chat/name.ts': [],
  'src/chat/json.ts': [],
  'src/chat/aside.ts': ['src/chat/json.ts'],
  'src/chat/picture.ts': [],
  'src/chat/public-address.ts': [],
  'src/chat/slack': CHAT_FOLDER,
  'src/chat/teams': CHAT_FOLDER,
  'src/chat/dingtalk': CHAT_FOLDER,
  'src/chat/feishu': CHAT_FOLDER,
  'src/store': ['src/incident'],
  'src/engine': ['src/store/port.ts', 'src/incident'],
  'src/effects': [
    'src/incident',
    'src/chat/message.ts',
    'src/chat/port.ts',
    'src/chat/schema.ts',
    'src/store/port.ts',
    'src/contact/port.ts',
    'src/roster/schema.ts',
    'src/words',
    'src/chart',
  ],
  'src/contact': ['src/roster/schema.ts', 'src/chat/port.ts', 'src/incident'],
  'src/audit': ['src/incident/events.ts', 'src/incident/plan.ts', 'src/store/port.ts', 'src/engine/clock.ts'],
  'src/shifts': [
    'src/words',
    'src/incident',
    'src/effects',
    'src/roster',
    'src/store/port.ts',
    'src/engine/clock.ts',
  ],
  'src/bridge': [
    'src/incident',
    'src/chat/cut.ts',
    'src/chat/message.ts',
    'src/chat/port.ts',
    'src/effects/relaying.ts',
    'src/effects/row.ts',
    'src/store/port.ts',
    'src/words',
  ],
  'src/handle.ts': ['src/incident', 'src/effects', 'src/learning', 'src/store/port.ts', 'src/chat/port.ts'],
  commands: ['src/incident', 'src/words', 'src/chat/message.ts'],
  'src/web': ['src/chart', 'src/incident', 'src/chat', 'src/words', 'src/store/port.ts'],
};

/** The wiring: it may import everything, and holds no rule. */
const WIRING = [
  'src/main.ts',
  'src/cli.ts',
  'src/cli',
  'src/desk.ts',
  'src/dispatch.ts',
  'src/dispatch',
  'src/survey.ts',
  'src/lessons.ts',
  'src/config.ts',
  'src/platforms.ts',
  'src/view',
  'src/drill',
  'src/doctor',
];

function files(folder: string): string[] {
  return readdirSync(join(PROJECT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(PROJECT, file), 'utf8');
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g);
  return [...found].map((match) => relative(PROJECT, join(PROJECT, dirname(file), match[1] ?? '')));
}

const under = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`);

/** The most specific room a file belongs to. */
function roomOf(file: string): string | undefined {
  return [...Object.keys(MAY), ...WIRING]
    .filter((room) => under(file, room))
    .sort((a, b) => b.length - a.length)[0];
}

const SOURCES = [...files('src'), ...files('commands')];

describe('the house', () => {
  it('every file belongs to a room', () => {
    expect(SOURCES.filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  it('imports go only where the table allows', () => {
    const broken = SOURCES.flatMap((file) => {
      const room = roomOf(file) ?? '';
      const allowed = MAY[room];
      if (!allowed) return [];
      return importsOf(file)
        .filter((target) => !under(target, room) && !allowed.some((place) => under(target, place)))
        .map((target) => `${file} → ${target}`);
    });
    expect(broken).toEqual([]);
  });

  it('the core takes time, chance and the world from outside', () => {
    const forbidden = /Date\.now\(|new Date\(\)|Math\.random\(|from 'node:|randomUUID|process\.|fetch\(/;
    const broken = files('src/incident').filter((file) =>
      forbidden.test(readFileSync(join(PROJECT, file), 'utf8')),
    );
    expect(broken).toEqual([]);
  });

  it('the core imports no package', () => {
    const packages = files('src/incident').flatMap((file) =>
      [...readFileSync(join(PROJECT, file), 'utf8').matchAll(/from '([^.'][^']*)'/g)].map(
        (match) => `${file}: ${match[1]}`,
      ),
    );
    expect(packages).toEqual([]);
  });

  it('the commands of the registry are the files of the folder', () => {
    const listed = readFileSync(join(PROJECT, 'commands/index.ts'), 'utf8');
    const plain = ['command.ts', 'index.ts', 'line.ts', 'understand.ts'];
    const missing = readdirSync(join(PROJECT, 'commands')).filter(
      (name) => name.endsWith('.ts') && !plain.includes(name) && !listed.includes(`'./${name}'`),
    );
    expect(missing).toEqual([]);
  });
});
