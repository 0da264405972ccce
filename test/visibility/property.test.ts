import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Place } from '../../src/incident/events.ts';
import type { Audience } from '../../src/incident/visibility.ts';
import { SETTINGS, type TestDesk, testDesk } from '../support/desk.ts';
import { type Sight, tracesOf, webOf, webSights } from './readers.ts';
import { recorder } from './recorder.ts';

const ORGS = ['customer', 'apusic', 'dbvendor', 'cloud'] as const;
type Org = (typeof ORGS)[number];
/** Two people of each, where there are two: a colleague reads what one wrote. */
const PEOPLE: Readonly<Record<Org, readonly [string, ...string[]]>> = {
  customer: ['ops', 'owner'],
  apusic: ['duty', 'rd1'],
  dbvendor: ['dba'],
  cloud: ['cloud-eng'],
};
const PLACES: Readonly<Record<Org, { readonly platform: string; readonly conversation: string }>> = {
  customer: { platform: 'dingtalk', conversation: 'cid-customer' },
  apusic: { platform: 'slack', conversation: 'C-APUSIC' },
  dbvendor: { platform: 'feishu', conversation: 'oc-dbvendor' },
  cloud: { platform: 'teams', conversation: '19:cloud' },
};

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const masking = { addresses: true, hosts: true, accounts: true };
const settings = {
  ...SETTINGS,
  config: {
    ...SETTINGS.config,
    organisations: SETTINGS.config.organisations.map((one) =>
      one.id === 'customer' ? { ...one, masking } : one,
    ),
    people: SETTINGS.config.people.map((one) => ({
      ...one,
      contacts: [{ method: 'email' as const, address: `${one.id}@example.com` }],
    })),
  },
};

const org = fc.constantFrom(...ORGS);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('say' as const),
      org,
      who: fc.nat(1),
      to: fc.constantFrom<Audience>('joint', 'own', 'shared'),
      sign: fc.boolean(),
      /** In the chat of the organisation, where it is linked; otherwise in the web room. */
      chat: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('edit' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reply' as const), org, which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pin' as const), org, which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lesson' as const), org }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('log' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('file' as const),
      org,
      to: fc.constantFrom<Audience>('own', 'shared'),
      kind: fc.constantFrom<'log' | 'picture' | 'archive'>('log', 'picture', 'archive'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('invite' as const), org }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), org }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('link' as const), org }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stray' as const), at: org, org }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Something that was said to some, and who they are. */
interface Secret {
  readonly marker: string;
  readonly readers: readonly Org[];
}

/** The incident as people of four companies live through it; every private word carries a marker of its own. */
class Play {
  readonly secrets: Secret[] = [];
  readonly notified: { readonly org: string; readonly text: string }[] = [];
  readonly logged: string[] = [];
  readonly platforms = new Map(
    ['dingtalk', 'slack', 'feishu', 'teams'].map((name) => [name, recorder(name)]),
  );
  readonly said: {
    readonly message: string;
    readonly person: string;
    readonly org: Org;
    secret: Secret | null;
    joint: boolean;
    readonly to: Audience;
  }[] = [];
  desk!: TestDesk;
  #count = 0;

  async open(): Promise<void> {
    this.desk = await testDesk({
      settings,
      platforms: [...this.platforms.values()].map((one) => one.platform),
      log: (what, detail) => this.logged.push(`${what} ${JSON.stringify(detail)}`),
      contact: async (contact, call) => {
        const address = contact.method === 'email' ? contact.address : '';
        const person = settings.config.people.find((one) => address.startsWith(`${one.id}@`));
        this.notified.push({ org: person?.org ?? '', text: JSON.stringify(call) });
        return { ok: true, detail: 'sent' };
      },
    });
    await this.desk.say('ops', '/应急 开启 社保核心系统 打不开');
  }

  plant(readers: readonly Org[]): Secret {
    const secret = { marker: `mk${randomBytes(9).toString('hex')}`, readers };
    this.secrets.push(secret);
    return secret;
  }

  readersOf(author: Org, to: Audience): readonly Org[] {
    const both: readonly Org[] = ['customer', 'apusic'];
    return to === 'shared' && both.includes(author) ? both : [author];
  }

  async run(one: Step): Promise<void> {
    const { desk } = this;
    this.#count += 1;
    const id = `p${this.#count}`;
    switch (one.do) {
      case 'say': {
        const person = PEOPLE[one.org][one.who] ?? PEOPLE[one.org][0];
        const secret = one.to === 'joint' ? null : this.plant(this.readersOf(one.org, one.to));
        const sign = { joint: '', own: '// ', shared: '//+ ' }[one.to];
        const text = secret ? `内部判断 ${secret.marker}` : '节点 2 重启后恢复';
        const linked = (await desk.incident()).places.some(
          (place) => place.conversation === PLACES[one.org].conversation,
        );
        if (one.chat && linked)
          await desk.desk.receive({
            ...(await this.base(person, id)),
            incident: null,
            place: this.place(one.org),
            kind: 'text',
            messageId: `m-${id}`,
            text: sign + text,
          });
        else
          await (one.sign
            ? desk.say(person, sign + text, { id })
            : desk.say(person, text, one.to === 'joint' ? { id } : { id, audience: one.to }));
        this.said.push({
          message: `m-${id}`,
          person,
          org: one.org,
          secret,
          joint: one.to === 'joint',
          to: one.to,
        });
        return;
      }
      case 'edit':
      case 'delete': {
        const target = this.said[one.which % Math.max(1, this.said.length)];
        if (!target) return;
        const secret = target.joint ? null : this.plant(this.readersOf(target.org, target.to));
        await this.change(target, id, one.do, secret ? `改为 ${secret.marker}` : '改过的话');
        return;
      }
      case 'reply': {
        const target = this.said[one.which % Math.max(1, this.said.length)];
        if (!target) return;
        const person = PEOPLE[one.org][0];
        await desk.desk.receive({
          ...(await this.base(person, id)),
          kind: 'text',
          messageId: `m-${id}`,
          text: '收到',
          replyTo: target.message,
        });
        return;
      }
      case 'pin': {
        const target = this.said[one.which % Math.max(1, this.said.length)];
        if (!target) return;
        const person = PEOPLE[one.org][0];
        // A client may send whatever it likes as the text of what it pins, but no more than it can read.
        const text = target.secret?.readers.includes(one.org) ? `内部判断 ${target.secret.marker}` : '看这条';
        await desk.press(person, 'pin', { message: target.message, text, author: target.person });
        return;
      }
      case 'lesson': {
        const secret = this.plant([one.org]);
        await desk.say(PEOPLE[one.org][0], `/应急 复盘 不足 交接单 ${secret.marker}`);
        return;
      }
      case 'log': {
        const secret = this.plant(['customer']);
        await desk.say(
          'ops',
          `2026-11-24 03:12:01 ERROR java.net.UnknownHostException: ${secret.marker}\nCaused by: java.net.ConnectException: Connection refused: ${secret.marker}/10.20.3.9:1521`,
        );
        return;
      }
      case 'file': {
        const secret = this.plant(this.readersOf(one.org, one.to));
        const log = `2026-11-24 03:12:01 ERROR java.lang.OutOfMemoryError: Java heap space ${secret.marker}`;
        const bytes = {
          log: () => Buffer.from(log),
          picture: () => Buffer.concat([PNG, Buffer.from(secret.marker)]),
          archive: () => Buffer.from(zipSync({ [`${secret.marker}.log`]: Buffer.from(log) })),
        }[one.kind]();
        const ending = { log: 'log', picture: 'png', archive: 'zip' }[one.kind];
        await desk.desk.receive({
          ...(await this.base(PEOPLE[one.org][0], id)),
          kind: 'file',
          messageId: `f-${id}`,
          name: `${secret.marker}.${ending}`,
          bytes,
          audience: one.to,
        });
        return;
      }
      case 'invite':
        await this.core('emergency-lead', { type: 'invite-organisation', org: one.org });
        return;
      case 'remove':
        await this.core('emergency-lead', { type: 'remove-organisation', org: one.org, reason: '不再需要' });
        return;
      case 'link':
        await this.core(PEOPLE[one.org][0], { type: 'open-room', place: this.place(one.org) });
        return;
      case 'stray': {
        // Somebody of another organisation speaks in a conversation that was thought to be one's own.
        const person = PEOPLE[one.org][0];
        await desk.desk.receive({
          ...(await this.base(person, id)),
          place: this.place(one.at),
          kind: 'text',
          messageId: `m-${id}`,
          text: '我也在这个群',
        });
        return;
      }
      case 'pass':
        await desk.advance(3);
        return;
      default: {
        const unknown: never = one;
        throw new Error(`unknown step ${JSON.stringify(unknown)}`);
      }
    }
  }

  place(of: Org): Place {
    return { ...PLACES[of], workspace: 'w', language: 'zh', org: of, audience: 'org' };
  }

  async base(person: string, id: string) {
    const known = settings.config.people.find((one) => one.id === person);
    const incident = await this.desk.incident();
    const home = known?.org ?? '';
    return {
      id,
      place: { platform: 'web', workspace: 'local', conversation: incident.id, language: 'zh', org: home },
      incident: incident.id,
      author: { id: person, name: known?.name ?? person, org: home },
      at: this.desk.clock.now(),
      language: 'zh',
    } as const;
  }

  async change(
    target: Play['said'][number],
    id: string,
    kind: 'edit' | 'delete',
    text: string,
  ): Promise<void> {
    const base = await this.base(target.person, id);
    await this.desk.desk.receive(
      kind === 'edit'
        ? { ...base, kind: 'edited', messageId: target.message, text }
        : { ...base, kind: 'deleted', messageId: target.message },
    );
  }

  async core(person: string, body: Parameters<TestDesk['desk']['handle']>[1]['body']): Promise<void> {
    const { author } = await this.base(person, 'core');
    const incident = await this.desk.incident();
    await this.desk.desk.handle(incident.id, {
      by: author,
      at: null,
      backdateReason: null,
      sources: [],
      body,
    });
  }

  /** Everything that people of an organisation can come to see. */
  async sights(of: Org, reports: Parameters<typeof webSights>[3]): Promise<readonly Sight[]> {
    const failed: string[] = [];
    const web = webOf(this.desk, failed);
    const pages = await webSights(this.desk, web, PEOPLE[of][0], reports);
    const here = PLACES[of];
    const posted =
      this.platforms.get(here.platform)?.sent.filter((one) => one.conversation === here.conversation) ?? [];
    return [
      ...pages,
      ...posted.map((one) => ({ where: `${here.platform} ${here.conversation}`, text: one.text })),
      ...this.notified
        .filter((one) => one.org === of)
        .map((one) => ({ where: 'notification', text: one.text })),
      { where: 'errors', text: failed.join('\n') },
    ];
  }
}

const QUICK = [
  { report: 'handling', formats: ['md'] as const },
  { report: 'joint', formats: ['md'] as const },
];
const WHOLE = [
  { report: 'handling', formats: ['md', 'html', 'docx', 'pdf'] as const },
  { report: 'service', formats: ['html'] as const },
  { report: 'joint', formats: ['md', 'docx'] as const },
  { report: 'minutes', formats: ['html'] as const },
];

async function holds(steps: readonly Step[], reports: Parameters<typeof webSights>[3]): Promise<void> {
  const play = new Play();
  await play.open();
  try {
    for (const one of steps) await play.run(one);
    await play.desk.advance(1);
    for (const of of ORGS) {
      const foreign = play.secrets.filter((secret) => !secret.readers.includes(of));
      for (const sight of await play.sights(of, reports))
        for (const secret of foreign)
          if (tracesOf(secret.marker).some((trace) => sight.text.includes(trace)))
            throw new Error(`${of} reads ${secret.readers.join('+')}'s words in ${sight.where}`);
    }
    // Nobody's private words are in the program's own log.
    for (const line of play.logged)
      for (const secret of play.secrets) expect(line).not.toContain(secret.marker);
  } finally {
    await play.desk.close();
  }
}

describe('what an organisation keeps to itself', () => {
  it('given any sequence of words, edits, pins, logs, invitations and removals, then no other organisation reads a byte of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), (steps) => holds(steps, QUICK)),
      { numRuns: 20 },
    );
  }, 180_000);

  it('nor in any format of any document', async () => {
    const all: Step[] = [
      { do: 'invite', org: 'dbvendor' },
      { do: 'invite', org: 'cloud' },
      ...ORGS.map((of) => ({ do: 'link', org: of }) as const),
      ...ORGS.flatMap((of) =>
        (['own', 'shared'] as const).map(
          (to) => ({ do: 'say', org: of, who: 0, to, sign: true, chat: true }) as const,
        ),
      ),
      ...ORGS.map((of) => ({ do: 'lesson', org: of }) as const),
      { do: 'log' },
      ...ORGS.flatMap((of) =>
        (['log', 'picture', 'archive'] as const).map(
          (kind) => ({ do: 'file', org: of, to: 'own', kind }) as const,
        ),
      ),
      ...[0, 1, 2, 3, 4, 5, 6, 7].map((which) => ({ do: 'edit', which }) as const),
      ...ORGS.flatMap((of) => [0, 3, 5].map((which) => ({ do: 'pin', org: of, which }) as const)),
      ...ORGS.map((of) => ({ do: 'reply', org: of, which: 1 }) as const),
      { do: 'pass' },
      { do: 'stray', at: 'dbvendor', org: 'cloud' },
      { do: 'say', org: 'dbvendor', who: 0, to: 'own', sign: false, chat: false },
    ];
    await holds(all, WHOLE);
  }, 120_000);

  it('its own people read it', async () => {
    const play = new Play();
    await play.open();
    try {
      for (const to of ['own', 'shared'] as const)
        for (const of of ORGS) await play.run({ do: 'say', org: of, who: 0, to, sign: true, chat: true });
      for (const of of ORGS) {
        await play.core('emergency-lead', { type: 'invite-organisation', org: of });
        const pages = (await play.sights(of, [])).map((one) => one.text).join('\n');
        for (const secret of play.secrets)
          expect(pages.includes(secret.marker)).toBe(secret.readers.includes(of));
      }
    } finally {
      await play.desk.close();
    }
  }, 60_000);

  it('a note typed in the web room reaches the own conversation, and no other', async () => {
    const play = new Play();
    await play.open();
    try {
      for (const of of ORGS) {
        await play.run({ do: 'invite', org: of });
        await play.run({ do: 'link', org: of });
      }
      for (const of of ORGS)
        await play.run({ do: 'say', org: of, who: 0, to: 'own', sign: true, chat: false });
      await play.desk.advance(1);
      for (const secret of play.secrets) {
        const reached = ORGS.filter((of) =>
          play.platforms.get(PLACES[of].platform)?.sent.some((one) => one.text.includes(secret.marker)),
        );
        expect(reached).toEqual(secret.readers);
      }
    } finally {
      await play.desk.close();
    }
  }, 60_000);
});
