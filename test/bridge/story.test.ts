import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { streamsOf } from '../../src/incident/visibility.ts';
import { dingtalkStage } from '../chat/dingtalk-stage.ts';
import { feishuStage } from '../chat/feishu-stage.ts';
import { slackStage } from '../chat/slack-stage.ts';
import type { Stage, Words } from '../chat/stage.ts';
import { teamsStage } from '../chat/teams-stage.ts';
import { webStage } from '../chat/web-stage.ts';
import { SETTINGS } from '../support/desk.ts';
import { type JointHouse, jointHouse } from './joint-house.ts';

/**
 * Five organisations on five platforms, each through its vendor's SDK and a stand-in of its service: the customer in
 * a DingTalk group, we in Slack, a database vendor in Feishu, a cloud vendor in Teams, an engineer on site in the
 * web room.
 */
const MESSAGES = Number(process.env.WARROOM_STORY_MESSAGES ?? 500);
/** Real time: what goes over sockets cannot be hurried. */
const LONGEST_MS = 20 * 60_000;

const settings = {
  ...SETTINGS,
  config: {
    ...SETTINGS.config,
    organisations: [
      ...SETTINGS.config.organisations,
      ...SETTINGS.config.organisations
        .filter((one) => one.id === 'cloud')
        .map((one) => ({ ...one, id: 'integrator', name: '集成商', side: 'integrator' as const })),
    ],
    people: [
      ...SETTINGS.config.people,
      ...SETTINGS.config.people
        .filter((one) => one.id === 'cloud-eng')
        .map((one) => ({ ...one, id: 'onsite', name: '驻场工程师', org: 'integrator' })),
    ],
  },
};

type Seat = 'slack' | 'feishu' | 'teams' | 'dingtalk' | 'web';
const SEATS: Readonly<Record<Seat, { readonly org: string; readonly people: readonly string[] }>> = {
  slack: { org: 'apusic', people: ['duty', 'duty2', 'rd1'] },
  feishu: { org: 'dbvendor', people: ['dba'] },
  teams: { org: 'cloud', people: ['cloud-eng'] },
  dingtalk: { org: 'customer', people: ['ops', 'owner'] },
  web: { org: 'integrator', people: ['onsite'] },
};
const CHATS = ['slack', 'feishu', 'teams', 'dingtalk'] as const;
const sideOf = (org: string) => settings.config.organisations.find((one) => one.id === org)?.side ?? null;

/** One thing that was said, as it stands at the end. */
interface Item {
  readonly number: number;
  readonly seat: Seat;
  readonly org: string;
  readonly stream: string;
  /** Given to the bot in a personal chat: the place it goes to has not seen it. */
  readonly through: boolean;
  readonly file: boolean;
  readonly words: Words | null;
  version: number;
  deleted: boolean;
}

let house: JointHouse;
const stages = new Map<Seat, Stage>();
const items: Item[] = [];
let seed = 20_261_124;

const stageOf = (seat: Seat): Stage => {
  const stage = stages.get(seat);
  if (!stage) throw new Error(`no stage ${seat}`);
  return stage;
};
/** The same story each time. */
function chance(most: number): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed % most;
}
const nameOf = (item: Pick<Item, 'number' | 'version'>): string =>
  `M${String(item.number).padStart(4, '0')}v${item.version}`;

/** Does it, and waits until as much has come in as it causes. */
async function heard(work: () => Promise<unknown>): Promise<void> {
  const before = house.received.length;
  await work();
  await expect
    .poll(() => house.received.length > before, { timeout: 20_000, interval: 5 })
    .toBe(true)
    .catch((error: unknown) => {
      throw new Error(JSON.stringify([items.at(-1), house.logged.slice(-5)]), { cause: error });
    });
  await house.clock.advance(0);
}

beforeAll(async () => {
  const dingtalk = { perMinute: 20, overallPerMinute: 16, blockedForMs: 600_000 };
  house = jointHouse(settings, { dingtalk });
  stages.set('slack', await slackStage('socket', house.join));
  stages.set('feishu', await feishuStage('socket', 'everything', house.join));
  stages.set('teams', await teamsStage('everything', house.join));
  stages.set('dingtalk', await dingtalkStage(house.join));
  stages.set('web', await webStage(house.join));
}, LONGEST_MS);

afterAll(async () => {
  for (const stage of [...stages.values()].reverse()) await stage.close();
  await house?.close();
}, 120_000);

async function saySomething(number: number): Promise<void> {
  const seats = Object.keys(SEATS).flatMap((one) => (isSeat(one) ? [one] : []));
  const seat = seats[chance(seats.length)] ?? 'slack';
  const { org, people } = SEATS[seat];
  const person = people[chance(people.length)] ?? '';
  const stage = stageOf(seat);
  const { followsEdits, followsDeletions } = stage.platform.capabilities;
  const dice = chance(100);
  const own = items.filter((one) => one.words?.author === person && !one.deleted && !one.file);
  const item = {
    number,
    seat,
    org,
    stream: 'joint',
    through: false,
    file: false,
    version: 1,
    deleted: false,
  };
  const name = nameOf(item);

  if (dice < 8 && own.length > 0 && followsEdits) {
    const old = own[chance(own.length)];
    if (!old?.words) return;
    old.version += 1;
    const sign = old.stream === 'joint' ? '' : '// ';
    await heard(async () => old.words && stage.edit(old.words, `${sign}${nameOf(old)} 更正后的说法`));
  } else if (dice < 12 && own.length > 0 && followsDeletions) {
    const old = own[chance(own.length)];
    if (!old?.words) return;
    old.deleted = true;
    await heard(async () => old.words && stage.remove(old.words));
  } else if (dice < 16) {
    const bytes = Buffer.from(`\x89PNG\r\n\x1a\n${name}`, 'latin1');
    await heard(() => stage.drop(person, `${name}.png`, bytes));
    const through = seat === 'teams' || seat === 'dingtalk';
    items.push({ ...item, file: true, through, words: null });
  } else if (dice < 26) {
    let words: Words | null = null;
    await heard(async () => {
      if (seat === 'dingtalk') await stage.mention(person, `// ${name} 只对自己人说`);
      else words = await stage.say(person, `// ${name} 只对自己人说`);
    });
    items.push({ ...item, stream: `org:${org}`, words });
  } else {
    let words: Words | null = null;
    const shown = dice < 36 && seat !== 'web' ? await stage.shown?.() : undefined;
    const about = shown?.findLast((one) => /M\d{4}v\d/.test(one.text));
    await heard(async () => {
      if (about && stage.answer) words = await stage.answer(person, about.id, `${name} 答复`);
      else if (seat === 'dingtalk') await stage.mention(person, `${name} 现场情况`);
      else words = await stage.say(person, `${name} 现场情况`);
    });
    items.push({ ...item, words });
  }
}

function isSeat(name: string): name is Seat {
  return name in SEATS;
}

/** The names of what stands in a place, in order, without what is only quoted. */
async function standing(seat: Seat): Promise<readonly string[]> {
  const shown = (await stageOf(seat).shown?.()) ?? [];
  return shown.flatMap((one) =>
    [...one.text.replace(/↩[^\n]*/g, '').matchAll(/M\d{4}v\d+/g)].map(([name]) => name),
  );
}

function expected(seat: Seat): readonly string[] {
  // Our own conversation was not asserted to be ours alone: others may read along.
  const streams: readonly string[] =
    seat === 'slack' ? ['joint'] : streamsOf(SEATS[seat].org, sideOf(SEATS[seat].org));
  return items
    .filter((one) => (one.seat !== seat || one.through) && streams.includes(one.stream) && !one.deleted)
    .map(nameOf);
}

describe('five organisations on five platforms', () => {
  it('each links its own conversation by the code of an invitation', { timeout: LONGEST_MS }, async () => {
    await heard(() => stageOf('slack').command('duty', '开启 社保核心系统打不开'));
    await house.clock.advance(5_000);
    for (const seat of ['feishu', 'teams', 'dingtalk'] as const) {
      const org = SEATS[seat].org;
      await heard(() => stageOf('slack').command('duty', `邀请 ${org}`));
      const seen = async (): Promise<string> =>
        [...(await stageOf('slack').seen('duty')).matchAll(/接入 ([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})/g)].at(
          -1,
        )?.[1] ?? '';
      await expect.poll(seen, { timeout: 10_000 }).not.toBe('');
      const code = await seen();
      await heard(() => stageOf(seat).mention(SEATS[seat].people[0] ?? '', `接入 ${code}`));
      await house.clock.advance(10_000);
    }
    await heard(() => stageOf('slack').command('duty', '邀请 integrator'));
    await house.clock.advance(60_000);
    const [incident] = await house.store.incidents();
    expect(incident?.places.map((one) => `${one.platform} ${one.org}`).sort()).toEqual([
      'dingtalk customer',
      'feishu dbvendor',
      'slack apusic',
      'teams cloud',
      'web apusic',
    ]);
  });

  it(`${MESSAGES} messages, an outage of ten minutes and a restart: every place holds exactly what is its own to see`, {
    timeout: LONGEST_MS,
  }, async () => {
    const third = Math.floor(MESSAGES / 3);
    const outage = { from: third, to: third + Math.floor(MESSAGES / 10), ms: 10 * 60_000 };
    let still: readonly string[] = [];
    for (let number = 1; number <= MESSAGES; number += 1) {
      if (number === outage.from) {
        house.before('feishu', () => stageOf('feishu').refuse?.('outage'));
        still = await standing('feishu');
      }
      // The answers to two uploads are lost on the way back.
      if (number === 2 * third) for (const seat of ['slack', 'feishu'] as const) stageOf(seat).loseFile?.();
      await saySomething(number);
      const isDown = number >= outage.from && number < outage.to;
      await house.clock.advance(isDown ? outage.ms / (outage.to - outage.from) : 4_000);
      if (number === outage.to) {
        // What stands there may have been changed in place; nothing new came.
        const before = new Set(still.map((name) => name.slice(0, 5)));
        const after = (await standing('feishu')).map((name) => name.slice(0, 5));
        expect(after.filter((name) => !before.has(name))).toEqual([]);
        house.before('feishu', null);
      }
      if (number === 2 * third) await house.restart();
    }
    await house.clock.advance(30 * 60_000);
    for (const seat of CHATS) expect(await standing(seat), seat).toEqual(expected(seat));
  });

  it('every picture stands once where the platform takes it', async () => {
    for (const seat of ['slack', 'feishu'] as const) {
      const files = ((await stageOf(seat).shown?.()) ?? []).flatMap((one) =>
        one.files.map((file) => file.name),
      );
      const wanted = items.filter((one) => one.file && one.seat !== seat).map((one) => `${nameOf(one)}.png`);
      expect(
        files.filter((name) => /^M\d{4}/.test(name)),
        seat,
      ).toEqual(wanted);
    }
  });

  it('the web room shows its reader the same, and no private word of another', async () => {
    const [incident] = await house.store.incidents();
    const talk = await house.store.talk(incident?.id ?? '', ['joint', 'org:integrator']);
    const newest = new Map(talk.filter((one) => one.form !== 'bot').map((one) => [one.message, one]));
    const names = [...newest.values()].flatMap((one) =>
      one.kind === 'deleted' ? [] : [...one.text.matchAll(/M\d{4}v\d+/g)].map(([name]) => name),
    );
    const mine = items.filter((one) => ['joint', 'org:integrator'].includes(one.stream) && !one.deleted);
    expect(names.sort()).toEqual(mine.map(nameOf).sort());
    const page = await stageOf('web').seen('onsite');
    const theirs = items.filter((one) => one.stream.startsWith('org:') && one.org !== 'integrator');
    expect(theirs.length).toBeGreaterThan(0);
    for (const one of theirs) expect(page).not.toContain(nameOf(one));
  });
});
