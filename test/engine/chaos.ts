import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDesk, type Desk } from '../../src/desk.ts';
import { loadKnowledge } from '../../src/diagnosis/index.ts';
import { type VirtualClock, virtualClock } from '../../src/engine/clock.ts';
import type { CommandBody } from '../../src/incident/commands.ts';
import type { Store } from '../../src/store/port.ts';
import { SETTINGS, START } from '../support/desk.ts';
import { type Heard, type StandIn, standIn, type Trouble } from '../support/standin.ts';

const knowledge = loadKnowledge();
const MINUTE = 60_000;
const INCIDENTS = ['A', 'B', 'C', 'D'];
/** A database on a busy machine may take its time; the story's clock waits for it. */
const PATIENCE_MS = 30_000;

interface Call {
  readonly at: number;
  readonly method: string;
  readonly page: string;
  readonly marked: boolean;
}

/** What has to hold whatever the platforms do, on every store. */
export function chaos(name: string, open: () => Promise<Store>): void {
  describe(`${name}: when platforms are in trouble`, () => {
    let clock: VirtualClock;
    let store: Store;
    let desk: Desk;
    let slack: StandIn;
    let teams: StandIn;
    let taken: Call[];
    let seed: number;
    const outage = { from: Number.POSITIVE_INFINITY, to: 0 };
    const out = (): boolean => clock.now() >= outage.from && clock.now() < outage.to;

    /** Repeatable, so that a failure can be looked at again. */
    function random(): number {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return seed / 2 ** 32;
    }

    function trouble(): Trouble | null {
      if (out()) return { kind: 'reset' };
      if (random() >= 0.3) return null;
      const kinds: readonly Trouble[] = [
        { kind: 'rate-limit', retryAfterMs: 7_000 },
        { kind: 'server-error' },
        { kind: 'reset' },
        { kind: 'timeout-after-accepting' },
      ];
      return kinds[Math.floor(random() * kinds.length)] ?? null;
    }

    let phones: () => Trouble['kind'] | null;

    beforeEach(async () => {
      phones = () => null;
      seed = 20_260_302;
      outage.from = Number.POSITIVE_INFINITY;
      outage.to = 0;
      taken = [];
      clock = virtualClock(START, PATIENCE_MS);
      store = await open();
      slack = standIn('slack', clock.now, trouble);
      teams = standIn('teams', clock.now, () => null);
      const people = SETTINGS.config.people.map((person) => ({
        ...person,
        contacts: [
          { method: 'webhook' as const, gateway: 'sms', address: '1' },
          { method: 'email' as const, address: `${person.id}@example.com` },
        ],
      }));
      desk = await createDesk({
        settings: { ...SETTINGS, config: { ...SETTINGS.config, people } },
        knowledge,
        store,
        clock,
        random,
        platforms: [slack.platform, teams.platform],
        contact: async (contact, call) => {
          if (contact.method === 'webhook' && out())
            return { ok: false, permanent: false, retryAfterMs: null, detail: 'ECONNREFUSED' };
          const found = phones();
          if (found !== null && found !== 'timeout-after-accepting')
            return { ok: false, permanent: false, retryAfterMs: null, detail: found };
          if (call.page !== null) {
            const marked = call.text.includes('可能重复');
            taken.push({ at: clock.now(), method: contact.method, page: call.page, marked });
          }
          if (found === null) return { ok: true, detail: contact.method };
          return { ok: false, permanent: false, retryAfterMs: null, detail: found, uncertain: true };
        },
        log: () => {},
      });
      desk.engine.start();
      for (const id of INCIDENTS) await begin(id);
    });
    afterEach(async () => {
      await desk.engine.stop();
      await store.close();
    });

    async function run(incident: string, by: string, body: CommandBody): Promise<void> {
      const person = SETTINGS.config.people.find((one) => one.id === by);
      const actor = { id: by, name: person?.name ?? by, org: person?.org ?? 'customer' };
      const handled = await desk.handle(incident, {
        by: actor,
        at: null,
        backdateReason: null,
        sources: [],
        body,
      });
      expect(handled.ok).toBe(true);
      await clock.advance(0);
    }

    async function begin(id: string): Promise<void> {
      const place = { workspace: 'w', conversation: id, language: 'zh', org: 'customer' } as const;
      await run(id, 'ops', {
        type: 'report',
        code: id,
        kind: 'fault',
        title: '批量代发失败',
        system: { id: 'social-insurance', name: '社保核心系统' },
        intake: { channel: 'chat', caller: null, number: null, organisation: null, since: null },
        systemDown: true,
        specialTime: false,
        remoteOnly: false,
        exceptional: false,
        place: { ...place, platform: 'slack' },
        knowledge: 'chaos',
      });
      await run(id, 'ops', { type: 'open-room', place: { ...place, platform: 'teams' } });
      await run(id, 'emergency-lead', { type: 'set-severity', severity: 'orange', reason: '业务中断' });
    }

    /** Status updates in every incident, some minutes apart, while pages go unanswered and clocks run. */
    async function busyFor(minutes: number, first = 0): Promise<void> {
      for (let minute = 0; minute < minutes; minute += 5) {
        for (const id of INCIDENTS) {
          await run(id, 'duty', { type: 'update-status', text: `核对第${first + minute}批` });
        }
        await clock.advance(5 * MINUTE);
      }
    }

    /** What a room holds in the end: a card is changed where it stands, and what came twice is seen once. */
    function read(heard: readonly Heard[], conversation: string): readonly string[] {
      return [
        ...new Set(
          heard.filter((one) => one.conversation === conversation && !one.card).map((one) => one.text),
        ),
      ];
    }

    it('delivers everything, in order, through 429, 500, resets and time-outs after accepting', async () => {
      await busyFor(60);
      await clock.advance(30 * MINUTE);
      expect(slack.calls()).toBeGreaterThan(slack.heard.length);
      for (const id of INCIDENTS) {
        expect(read(slack.heard, id).filter((text) => text.includes('核对第'))).toHaveLength(12);
        expect(sinceBothWereThere(read(slack.heard, id), read(teams.heard, id))).toEqual(
          read(teams.heard, id),
        );
      }
      expect((await store.stats(clock.now())).outboxFailed).toBe(0);
      expect((await store.verify()).ok).toBe(true);
    });

    it('never calls again before the time that the platform asked for', async () => {
      await busyFor(60);
      expect(slack.tooEarly).toEqual([]);
    });

    it('keeps everything through an hour of outage, and the other platform does not notice', async () => {
      outage.from = clock.now() + 10 * MINUTE;
      outage.to = outage.from + 60 * MINUTE;
      await busyFor(90);
      await clock.advance(30 * MINUTE);
      expect(slack.heard.filter((one) => one.at >= outage.from && one.at < outage.to)).toEqual([]);
      for (const id of INCIDENTS) {
        expect(read(slack.heard, id).filter((text) => text.includes('核对第'))).toHaveLength(18);
        expect(sinceBothWereThere(read(slack.heard, id), read(teams.heard, id))).toEqual(
          read(teams.heard, id),
        );
        // Every update was in the healthy room at the moment it was made.
        const updates = teams.heard.filter((one) => one.conversation === id && one.text.includes('核对第'));
        const made = (await store.events(id)).filter((one) => one.body.type === 'StatusUpdated');
        expect(updates.map((one) => one.at)).toEqual(made.map((one) => one.recorded));
      }
    });

    it('pages by the next method while the first is out, each at its own moment', async () => {
      outage.from = clock.now() + MINUTE;
      outage.to = outage.from + 60 * MINUTE;
      await busyFor(60);
      const paged = (await Promise.all(INCIDENTS.map((id) => store.events(id))))
        .flat()
        .flatMap(({ body, recorded }) =>
          body.type === 'PersonPaged' ? [{ page: body.page, at: recorded }] : [],
        );
      const during = paged.filter((one) => one.at >= outage.from && one.at < outage.to);
      expect(during.length).toBeGreaterThan(INCIDENTS.length);
      for (const { page, at } of during) {
        expect(taken.filter((one) => one.page === page)).toEqual([
          { page, at, method: 'email', marked: false },
        ]);
      }
    });

    it('loses no page when the gateways fail one call in three; what may be a repetition says so', async () => {
      // At first every gateway takes the call and answers nothing, so that some pages are repeated whatever the dice say.
      const unheard = clock.now() + 10 * MINUTE;
      phones = () => (clock.now() < unheard ? 'timeout-after-accepting' : (trouble()?.kind ?? null));
      await busyFor(60);
      await clock.advance(30 * MINUTE);
      // People are called anew on the last stroke of the half hour; what failed in that moment is tried again after it.
      phones = () => null;
      await clock.advance(2 * MINUTE);
      const paged = (await Promise.all(INCIDENTS.map((id) => store.events(id)))).flat();
      const wanted = paged.flatMap(({ body }) => (body.type === 'PersonPaged' ? [body.page] : []));
      const gone = new Set(paged.flatMap(({ body }) => (body.type === 'PageWithdrawn' ? [body.page] : [])));
      const arrived = new Set(taken.map((one) => one.page));
      expect(wanted.filter((page) => !arrived.has(page) && !gone.has(page))).toEqual([]);
      // The next method after a time-out is another phone; a later attempt at the same page is what is marked.
      const later = taken.filter((one) =>
        taken.some((before) => before.page === one.page && before.at < one.at),
      );
      expect(later.length).toBeGreaterThan(0);
      expect(later.filter((one) => !one.marked)).toEqual([]);
    });

    /** The second room was opened a moment later and missed the first lines. */
    function sinceBothWereThere(all: readonly string[], other: readonly string[]): readonly string[] {
      return all.slice(all.indexOf(other[0] ?? ''));
    }
  });
}
