import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fact } from '../../src/incident/events.ts';
import type {
  AppendResult,
  NewOutboxRow,
  OutboxResult,
  OutboxRow,
  Store,
  Verification,
} from '../../src/store/port.ts';
import { appending, fact, LI, NOON, reported, row, said, status } from './sample.ts';
import { similarContract } from './similar-contract.ts';

/** A database under test, and a way past the store to its tables. */
export interface Subject {
  readonly store: Store;
  /** Runs SQL that no store would run. */
  tamper(sql: string): Promise<void>;
  dispose(): Promise<void>;
}

const LEASE = 1_000;

/** What every store has to keep, whatever stands behind it. */
export function storeContract(name: string, open: () => Promise<Subject>): void {
  describe(`${name}: the store`, () => {
    let subject: Subject;
    let store: Store;
    beforeEach(async () => {
      subject = await open();
      store = subject.store;
    });
    afterEach(() => subject.dispose());

    async function opened(id: string, rest: Parameters<typeof appending>[3] = {}): Promise<void> {
      const result = await store.append(appending(id, null, [reported()], rest));
      expect(result.ok).toBe(true);
    }
    async function more(
      id: string,
      text: string,
      rest: Parameters<typeof appending>[3] = {},
    ): Promise<AppendResult> {
      const loaded = await store.load(id);
      return store.append(appending(id, loaded?.incident ?? null, [status(text)], rest));
    }
    const send = (outbox: readonly NewOutboxRow[]): Promise<void> =>
      opened(`INC-${outbox[0]?.key}`, { outbox });
    const claim = (now = NOON, limit = 10, only?: 'page') => store.claimOutbox(now, limit, LEASE, only);
    const held = (...rows: readonly (OutboxRow | undefined)[]): readonly OutboxRow[] =>
      rows.map((one) => {
        if (!one) throw new Error('nothing was claimed');
        return one;
      });
    async function settle(row: OutboxRow | undefined, result: OutboxResult): Promise<void> {
      for (const one of held(row)) await store.settleOutbox(one, result);
    }
    async function broken(): Promise<Extract<Verification, { ok: false }>> {
      const found = await store.verify();
      if (found.ok) throw new Error('verify found nothing wrong');
      return found;
    }

    similarContract(() => store);

    describe('append', () => {
      it('gives back what was appended, with positions from 1 and no gaps', async () => {
        await opened('A');
        await more('A', '正在查看日志');
        const events = await store.events('A');
        expect(events.map((one) => [one.position, one.body.type])).toEqual([
          [1, 'IncidentReported'],
          [2, 'StatusUpdated'],
        ]);
        expect(events[0]).toEqual({ ...reported(), incident: 'A', position: 1 });
        expect(await store.events('A', 1)).toEqual(events.slice(1));
        const loaded = await store.load('A');
        expect(loaded?.version).toBe(2);
        expect(loaded?.incident.title).toBe('报表系统打不开');
      });

      it('knows nothing of an incident that was never reported', async () => {
        expect(await store.load('A')).toBeNull();
        expect(await store.events('A')).toEqual([]);
      });

      it('refuses a second beginning', async () => {
        await opened('A');
        expect(await store.append(appending('A', null, [reported('又一次')]))).toEqual({
          ok: false,
          why: 'conflict',
        });
        expect((await store.load('A'))?.incident.title).toBe('报表系统打不开');
      });

      it('lets exactly one of two decisions on the same version through', async () => {
        await opened('A');
        const before = (await store.load('A'))?.incident ?? null;
        const both = await Promise.all([
          store.append(appending('A', before, [status('一')])),
          store.append(appending('A', before, [status('二')])),
        ]);
        expect(both.filter((one) => one.ok)).toHaveLength(1);
        expect(both.filter((one) => !one.ok && one.why === 'conflict')).toHaveLength(1);
        expect(await store.events('A')).toHaveLength(2);
      });

      it('refuses a version that lies ahead', async () => {
        await opened('A');
        const before = (await store.load('A'))?.incident ?? null;
        const ahead = { ...appending('A', before, [status('一')]), expected: 7 };
        expect(await store.append(ahead)).toEqual({ ok: false, why: 'conflict' });
      });

      it('acts once on a delivery that comes twice, whichever incident it reaches', async () => {
        await opened('A', { inbound: 'slack:Ev1' });
        expect(await more('A', '一', { inbound: 'slack:Ev1' })).toEqual({ ok: false, why: 'duplicate' });
        expect(await store.append(appending('B', null, [reported()], { inbound: 'slack:Ev1' }))).toEqual({
          ok: false,
          why: 'duplicate',
        });
        expect(await store.claimInbound('slack:Ev1', NOON)).toBe(false);
        expect(await store.claimInbound('slack:Ev2', NOON)).toBe(true);
        expect(await store.claimInbound('slack:Ev2', NOON)).toBe(false);
      });

      it('leaves nothing behind when it is refused: no event, no row, no due moment, no key', async () => {
        await opened('A');
        const before = (await store.load('A'))?.incident ?? null;
        await more('A', '较快的一方');
        const late = appending('A', before, [status('较慢的一方')], {
          due: NOON + 5,
          outbox: [row('room:a')],
          inbound: 'slack:Ev9',
        });
        expect(await store.append(late)).toEqual({ ok: false, why: 'conflict' });
        expect(await store.nextMoment()).toBeNull();
        expect(await claim(NOON + 60_000)).toEqual([]);
        expect(await store.claimInbound('slack:Ev9', NOON)).toBe(true);
        expect((await store.verify()).ok).toBe(true);
      });

      it('carries texts of every script and sign unchanged', async () => {
        const odd = '😀 “引号” \\n \u0001 {"$text":0} \u2028 名字';
        await store.append(appending('A', null, [reported(odd)]));
        expect((await store.events('A'))[0]?.body).toMatchObject({ title: odd });
        expect((await store.verify()).ok).toBe(true);
      });
    });

    describe('lists and numbers', () => {
      it('shows the newest activity first, and open ones alone when asked', async () => {
        await store.append(appending('A', null, [reported('甲', NOON)]));
        await store.append(appending('B', null, [reported('乙', NOON + 1)]));
        const a = (await store.load('A'))?.incident ?? null;
        await store.append(appending('A', a, [status('后来', NOON + 2)]));
        expect((await store.incidents()).map((one) => one.id)).toEqual(['A', 'B']);
        expect((await store.incidents({ limit: 1 })).map((one) => one.id)).toEqual(['A']);
        const b = (await store.load('B'))?.incident ?? null;
        const closed = {
          ...reported(),
          body: { type: 'IncidentClosed', as: 'false-alarm', into: null, reason: null },
        } as const;
        await store.append(appending('B', b, [closed]));
        expect((await store.incidents({ openOnly: true })).map((one) => one.id)).toEqual(['A']);
        expect((await store.stats(NOON)).openIncidents).toBe(1);
      });

      it('finds an incident by what people call it, open or closed', async () => {
        const called = (code: string, at: number): Fact => {
          const { body, ...rest } = reported('甲', at);
          return body.type === 'IncidentReported' ? { ...rest, body: { ...body, code } } : { ...rest, body };
        };
        await store.append(appending('A', null, [called('INC-20260302-01', NOON)]));
        await store.append(appending('B', null, [called('INC-20260302-02', NOON + 1)]));
        expect((await store.incidentByCode('INC-20260302-01'))?.id).toBe('A');
        await more('A', '后来');
        const a = (await store.load('A'))?.incident ?? null;
        const body = { type: 'IncidentClosed', as: 'false-alarm', into: null, reason: null } as const;
        await store.append(appending('A', a, [{ ...reported(), body }]));
        expect((await store.incidentByCode('INC-20260302-01'))?.status).toBe('closed');
        expect((await store.incidentByCode('INC-20260302-02'))?.id).toBe('B');
        expect(await store.incidentByCode('INC-20260302-03')).toBeNull();
        expect(await store.incidentByCode('')).toBeNull();
      });

      it('goes through what is open a page at a time, and meets again what was written to meanwhile', async () => {
        for (const [id, at] of [
          ['B', 1],
          ['A', 1],
          ['c', 2],
          ['D', 3],
          ['E', 4],
        ] as const)
          await store.append(appending(id, null, [reported('甲', NOON + at)]));
        const body = { type: 'IncidentClosed', as: 'false-alarm', into: null, reason: null } as const;
        const d = (await store.load('D'))?.incident ?? null;
        await store.append(appending('D', d, [fact(body, NOON + 3)]));
        const first = await store.openVersions(null, 2);
        expect(first).toEqual([
          { incident: 'A', version: 1, activity: NOON + 1 },
          { incident: 'B', version: 1, activity: NOON + 1 },
        ]);
        const a = (await store.load('A'))?.incident ?? null;
        await store.append(appending('A', a, [status('后来', NOON + 9)]));
        const rest = await store.openVersions(first.at(-1) ?? null, 9);
        expect(rest.map((one) => [one.incident, one.version])).toEqual([
          ['c', 1],
          ['E', 1],
          ['A', 2],
        ]);
        expect(await store.openVersions(rest.at(-1) ?? null, 9)).toEqual([]);
      });

      it('finds the newest incident that lives in a place, until it is closed', async () => {
        const place = (conversation: string) =>
          ({ platform: 'slack', workspace: 'T1', conversation, language: 'zh', org: 'vendor' }) as const;
        const enters = (conversation: string, at: number) =>
          fact({ type: 'RoomOpened', place: place(conversation) }, at);
        const found = async (conversation: string) => (await store.openIncidentAt(place(conversation)))?.id;
        await store.append(appending('A', null, [reported(), enters('C1', NOON)]));
        await store.append(
          appending('B', null, [reported(), enters('C1', NOON + 1), enters('C2', NOON + 1)]),
        );
        expect(await found('C1')).toBe('B');
        expect(await found('C2')).toBe('B');
        expect(await found('C3')).toBeUndefined();
        expect(await store.openIncidentAt({ ...place('C2'), workspace: 'T2' })).toBeNull();
        const closed = {
          ...reported(),
          body: { type: 'IncidentClosed', as: 'false-alarm', into: null, reason: null },
        } as const;
        await store.append(appending('B', (await store.load('B'))?.incident ?? null, [closed]));
        expect(await found('C1')).toBe('A');
        expect(await found('C2')).toBeUndefined();
        await store.append(
          appending('B', (await store.load('B'))?.incident ?? null, [
            fact({ type: 'IncidentReopened', reason: '又发生' }),
          ]),
        );
        expect(await found('C2')).toBe('B');
      });

      it('forgets the keys of deliveries that were claimed before a moment, and no others', async () => {
        await opened('A', { inbound: 'slack:old' });
        await store.claimInbound('slack:new', NOON + 10);
        expect(await store.pruneInbound(NOON + 10)).toBe(1);
        expect(await store.claimInbound('slack:new', NOON + 11)).toBe(false);
        expect(await store.claimInbound('slack:old', NOON + 11)).toBe(true);
      });

      it('never gives a number of a day twice', async () => {
        const numbers = await Promise.all([1, 2, 3, 4].map(() => store.nextNumber('20260302')));
        expect([...numbers].sort()).toEqual([1, 2, 3, 4]);
        expect(await store.nextNumber('20260303')).toBe(1);
      });

      it('keeps notes until they are taken away', async () => {
        await store.putNote('read:li', '3');
        await store.putNote('read:li', '4');
        expect(await store.getNote('read:li')).toBe('4');
        await store.putNote('read:li', null);
        expect(await store.getNote('read:li')).toBeNull();
      });
    });

    describe('due moments', () => {
      it('keeps one moment an incident, moved by every append', async () => {
        await opened('A', { due: NOON + 10 });
        await opened('B', { due: NOON + 20 });
        expect(await store.nextMoment()).toBe(NOON + 10);
        expect(await store.dueIncidents(NOON + 9, 10)).toEqual([]);
        await more('A', '延后', { due: NOON + 30 });
        expect(await store.nextMoment()).toBe(NOON + 20);
        expect(await store.dueIncidents(NOON + 30, 10)).toEqual([
          { incident: 'B', at: NOON + 20 },
          { incident: 'A', at: NOON + 30 },
        ]);
        await more('B', '结束');
        await more('A', '结束');
        expect(await store.nextMoment()).toBeNull();
      });

      it('puts off what could not be served, without forgetting since when it is due', async () => {
        await opened('A', { due: NOON });
        await store.postponeDue('A', NOON, NOON + 500);
        expect(await store.dueIncidents(NOON, 10)).toEqual([]);
        expect(await store.nextMoment()).toBe(NOON + 500);
        expect((await store.stats(NOON + 400)).oldestOverdueMs).toBe(400);
        expect(await store.dueIncidents(NOON + 500, 10)).toEqual([{ incident: 'A', at: NOON }]);
      });

      it('does not put off a moment that has moved meanwhile', async () => {
        await opened('A', { due: NOON + 50 });
        await store.postponeDue('A', NOON, NOON + 500);
        expect(await store.nextMoment()).toBe(NOON + 50);
      });
    });

    describe('outbox', () => {
      it('gives out one row of a lane at a time, in order', async () => {
        await send([
          row('room:a', { key: 'a1' }),
          row('room:a', { key: 'a2' }),
          row('room:b', { key: 'b1' }),
        ]);
        const first = await claim();
        expect(first.map((one) => one.key)).toEqual(['a1', 'b1']);
        expect(await claim()).toEqual([]);
        await settle(first[0], { outcome: 'sent' });
        expect((await claim()).map((one) => one.key)).toEqual(['a2']);
      });

      it('gives out pages before anything else, and pages alone when asked', async () => {
        await send([
          row('room:a', { key: 'r', notBefore: NOON - 9_000 }),
          row('room:b', { key: 'c', priority: 'card', notBefore: NOON - 9_000 }),
          row('page:1', { key: 'p1', priority: 'page' }),
          row('page:2', { key: 'p2', priority: 'page' }),
        ]);
        expect((await claim(NOON, 1)).map((one) => one.key)).toEqual(['p1']);
        expect((await claim(NOON, 10, 'page')).map((one) => one.key)).toEqual(['p2']);
        expect((await claim(NOON, 10)).map((one) => one.key)).toEqual(['r', 'c']);
      });

      it('holds a row back until its time, and its lane with it', async () => {
        await send([row('room:a', { key: 'a1', notBefore: NOON + 100 }), row('room:a', { key: 'a2' })]);
        expect(await claim()).toEqual([]);
        expect(await store.nextMoment()).toBe(NOON + 100);
        expect((await claim(NOON + 100)).map((one) => one.key)).toEqual(['a1']);
      });

      it('gives a row out again when its lease has ended, marked as a possible duplicate', async () => {
        await send([row('room:a', { key: 'a1' })]);
        expect((await claim())[0]?.possibleDuplicate).toBe(false);
        expect(await store.nextMoment()).toBe(NOON + LEASE);
        expect(await claim(NOON + LEASE - 1)).toEqual([]);
        const again = await claim(NOON + LEASE);
        expect(again[0]).toMatchObject({ key: 'a1', possibleDuplicate: true, attempts: 2 });
      });

      it('gives no row out again while its lease is renewed, and a settled one changes no more', async () => {
        await send([row('room:a', { key: 'a1' }), row('room:b', { key: 'b1' })]);
        const [first, second] = await claim();
        await settle(second, { outcome: 'retry', at: NOON + 10, error: '500' });
        await store.renewOutbox(held(first, second), NOON + 5 * LEASE);
        expect((await claim(NOON + LEASE)).map((one) => one.key)).toEqual(['b1']);
        const late = await claim(NOON + 5 * LEASE);
        expect(late.map((one) => one.key).sort()).toEqual(['a1', 'b1']);
        expect(late.every((one) => one.possibleDuplicate)).toBe(true);
      });

      it('marks what follows an attempt that ended without an answer, until it is sent', async () => {
        await send([row('room:a', { key: 'a1' })]);
        const [first] = await claim();
        const retry = { outcome: 'retry', at: NOON, error: 'timeout' } as const;
        await settle(first, { ...retry, uncertain: true });
        const [second] = await claim();
        expect(second?.possibleDuplicate).toBe(true);
        await settle(second, retry);
        expect((await claim())[0]?.possibleDuplicate).toBe(true);
      });

      it('tries again at the time that the sender names, before the rest of the lane', async () => {
        await send([row('room:a', { key: 'a1' }), row('room:a', { key: 'a2' })]);
        const [first] = await claim();
        await settle(first, { outcome: 'retry', at: NOON + 50, error: '429' });
        expect(await claim(NOON + 49)).toEqual([]);
        expect((await claim(NOON + 50))[0]).toMatchObject({
          key: 'a1',
          attempts: 2,
          possibleDuplicate: false,
        });
      });

      it('passes over a row that failed for good and counts it', async () => {
        await send([row('room:a', { key: 'a1' }), row('room:a', { key: 'a2' })]);
        const [first] = await claim();
        await settle(first, { outcome: 'failed', error: 'channel_not_found' });
        expect((await claim()).map((one) => one.key)).toEqual(['a2']);
        expect(await store.stats(NOON)).toMatchObject({ outboxFailed: 1, outboxWaiting: 1 });
      });

      it('leaves the lanes of a busy platform where they are', async () => {
        await send([
          row('room:a:1', { key: 'a1' }),
          row('room:b:1', { key: 'b1' }),
          row('room:a_:1', { key: 'c1' }),
        ]);
        const keys = async (except: readonly string[]): Promise<readonly string[]> =>
          (await store.claimOutbox(NOON, 10, LEASE, undefined, except)).map((one) => one.key);
        expect(await keys(['room:a:', 'room:x:'])).toEqual(['b1', 'c1']);
        expect(await keys([])).toEqual(['a1']);
      });

      it('puts back what may not go yet as if it had not been taken', async () => {
        await send([row('room:a', { key: 'a1' }), row('room:a', { key: 'a2' })]);
        const [first] = await claim();
        for (const one of held(first)) await store.deferOutbox(one, NOON + 50);
        expect(await claim(NOON + 49)).toEqual([]);
        expect((await claim(NOON + 50))[0]).toMatchObject({
          key: 'a1',
          attempts: 1,
          possibleDuplicate: false,
        });
      });

      it('counts what waits and what failed by kind of lane and platform', async () => {
        await send([
          row('room:slack:T1:C1', { key: 'a1' }),
          row('room:slack:T1:C2', { key: 'a2' }),
          row('page:p1', { key: 'p1', priority: 'page' }),
        ]);
        const [page] = await claim(NOON, 1);
        await settle(page, { outcome: 'failed', error: 'no such number' });
        expect((await store.stats(NOON + 700)).lanes).toEqual([
          { lane: 'page', waiting: 0, failed: 1, oldestMs: null },
          { lane: 'room:slack', waiting: 2, failed: 0, oldestMs: 700 },
        ]);
      });

      it('lets a late answer change nothing that is settled', async () => {
        await send([row('room:a', { key: 'a1' })]);
        const [first] = await claim();
        await settle(first, { outcome: 'sent' });
        await settle(first, { outcome: 'retry', at: NOON, error: 'late' });
        expect(await claim(NOON + LEASE)).toEqual([]);
        expect(await store.stats(NOON)).toMatchObject({ outboxFailed: 0, outboxWaiting: 0 });
      });

      it('refuses what a claim says that another one has followed', async () => {
        await send([row('room:a', { key: 'a1' }), row('room:a', { key: 'a2' })]);
        const [stale] = await claim();
        const [present] = await claim(NOON + LEASE);
        expect(present?.key).toBe('a1');
        const later = NOON + LEASE;
        await settle(stale, { outcome: 'retry', at: later, error: 'too late to say' });
        await settle(stale, { outcome: 'failed', error: 'too late to say' });
        await store.renewOutbox(held(stale), later + 9 * LEASE);
        expect(await claim(later + LEASE - 1)).toEqual([]);
        expect(await store.stats(later)).toMatchObject({ outboxFailed: 0, outboxWaiting: 2 });
        expect(await store.nextMoment()).toBe(later + LEASE);
        await settle(present, { outcome: 'sent' });
        expect((await claim(later)).map((one) => one.key)).toEqual(['a2']);
      });

      it('believes a claim that another one has followed when it says that the row arrived', async () => {
        await send([row('room:a', { key: 'a1' })]);
        const [stale] = await claim();
        const [present] = await claim(NOON + LEASE);
        await settle(stale, { outcome: 'sent' });
        await settle(present, { outcome: 'retry', at: NOON + LEASE, error: '500' });
        expect(await store.stats(NOON)).toMatchObject({ outboxFailed: 0, outboxWaiting: 0 });
      });

      it('does not take a newer card for the one that arrived in its place', async () => {
        const card = (key: string): NewOutboxRow =>
          row('room:a', { key, priority: 'card', mergeKey: 'A:status' });
        await opened('A', { outbox: [card('c1')] });
        const [stale] = await claim();
        const [present] = await claim(NOON + LEASE);
        await settle(present, { outcome: 'retry', at: NOON + LEASE, error: '500' });
        await more('A', '二', { outbox: [card('c2')] });
        await settle(stale, { outcome: 'sent' });
        expect((await claim(NOON + LEASE)).map((one) => one.key)).toEqual(['c2']);
      });

      it('replaces a card that still waits, and never one that is being sent', async () => {
        const card = (key: string): NewOutboxRow =>
          row('room:a', { key, priority: 'card', mergeKey: 'A:status', payload: `"${key}"` });
        await opened('A', { outbox: [row('room:a', { key: 'talk' }), card('c1')] });
        await more('A', '二', { outbox: [card('c2')] });
        const [talk] = await claim();
        await settle(talk, { outcome: 'sent' });
        const [sending] = await claim();
        expect(sending).toMatchObject({ key: 'c2', payload: '"c2"' });
        await more('A', '三', { outbox: [card('c3')] });
        await more('A', '四', { outbox: [card('c4')] });
        await settle(sending, { outcome: 'sent' });
        const [last] = await claim();
        expect(last?.key).toBe('c4');
        await settle(last, { outcome: 'sent' });
        expect(await claim()).toEqual([]);
      });

      it('drops a card that failed while a newer one waits', async () => {
        const card = (key: string): NewOutboxRow =>
          row('room:a', { key, priority: 'card', mergeKey: 'A:status' });
        await opened('A', { outbox: [card('c1')] });
        const [first] = await claim();
        await more('A', '二', { outbox: [card('c2')] });
        await settle(first, { outcome: 'retry', at: NOON, error: '500' });
        expect((await claim()).map((one) => one.key)).toEqual(['c2']);
      });

      it('writes a row of the same key once', async () => {
        await opened('A', { outbox: [row('room:a', { key: 'same' })] });
        await more('A', '二', { outbox: [row('room:a', { key: 'same' })] });
        const [first] = await claim();
        await settle(first, { outcome: 'sent' });
        expect(await claim()).toEqual([]);
      });
    });

    describe('talk', () => {
      it('counts each stream of each incident by itself', async () => {
        await store.say([said('A', 'joint', 'm1', '在吗'), said('A', 'org:vendor', 'm2', '内部')]);
        await store.say([said('A', 'joint', 'm3', '在'), said('B', 'joint', 'm1', '另一场')]);
        const seen = await store.talk('A', ['joint']);
        expect(seen.map((one) => [one.position, one.text])).toEqual([
          [1, '在吗'],
          [2, '在'],
        ]);
        const both = await store.talk('A', ['joint', 'org:vendor'], { joint: 1 });
        expect(both.map((one) => [one.stream, one.position])).toEqual([
          ['org:vendor', 1],
          ['joint', 2],
        ]);
        expect(await store.talk('A', [])).toEqual([]);
      });

      it('keeps a message once, however often it is delivered, and its edits every one', async () => {
        const message = said('A', 'joint', 'm1', '数据库连不上');
        expect(await store.say([message])).toHaveLength(1);
        expect(await store.say([message])).toEqual([]);
        await store.say([
          { ...message, kind: 'edited', text: '数据库连得上了' },
          { ...message, kind: 'edited', text: '又连不上' },
          { ...message, kind: 'deleted', text: '' },
        ]);
        expect((await store.talk('A', ['joint'])).map((one) => one.kind)).toEqual([
          'said',
          'edited',
          'edited',
          'deleted',
        ]);
      });

      it('keeps where it was said, what it answers and what came with it', async () => {
        const file = { sha256: 'ab12', name: 'server.log', type: 'text/plain', size: 3 };
        await store.say([
          { ...said('A', 'joint', 'm1', '看日志'), place: 'slack:T1:C1', replyTo: 'm0', file },
          said('A', 'joint', 'm2', '好'),
        ]);
        const [first, second] = await store.talk('A', ['joint']);
        expect(first).toMatchObject({ place: 'slack:T1:C1', replyTo: 'm0', file });
        expect(second).not.toHaveProperty('file');
        expect((await store.verify()).ok).toBe(true);
      });

      it('answers with all that is about one message, in every stream', async () => {
        const message = said('A', 'joint', 'm1', '数据库连不上');
        await store.say([
          message,
          said('A', 'joint', 'm2', '别的'),
          { ...message, kind: 'edited', text: '连上了' },
        ]);
        await store.say([said('A', 'org:vendor', 'm1', '内部')]);
        expect((await store.about('A', 'm1')).map((one) => [one.stream, one.text])).toEqual([
          ['joint', '数据库连不上'],
          ['joint', '连上了'],
          ['org:vendor', '内部'],
        ]);
        expect(await store.about('B', 'm1')).toEqual([]);
      });

      it('writes the rows that carry it elsewhere once, and none for what was delivered twice', async () => {
        const message = said('A', 'joint', 'm1', '数据库连不上');
        await store.say([message], [row('room:a', { key: 'carry-1' })]);
        await store.say([message], [row('room:a', { key: 'carry-2' })]);
        const [first] = await claim();
        expect(first).toMatchObject({ key: 'carry-1', incident: 'A' });
        await settle(first, { outcome: 'sent' });
        expect(await claim()).toEqual([]);
      });

      it('keeps a file under its digest until the last message that carried it was redacted', async () => {
        await opened('A');
        const bytes = new Uint8Array([0, 255, 7]);
        const file = { sha256: 'ab12', name: 'a.png', type: 'image/png', size: 3 };
        await store.putFile({ sha256: 'ab12', bytes, at: NOON });
        await store.putFile({ sha256: 'ab12', bytes, at: NOON });
        await store.say([
          { ...said('A', 'joint', 'm1', ''), file },
          { ...said('A', 'joint', 'm2', ''), file },
        ]);
        expect(await store.file('ab12')).toEqual(bytes);
        expect(await store.file('cd34')).toBeNull();
        const redaction = { incident: 'A', stream: 'joint', by: LI, at: NOON, reason: '误传' };
        await store.redact({ ...redaction, position: 1 });
        expect(await store.file('ab12')).toEqual(bytes);
        await store.redact({ ...redaction, position: 2 });
        expect(await store.file('ab12')).toBeNull();
        expect((await store.verify()).ok).toBe(true);
      });

      it('gives no position twice when several speak at once', async () => {
        await Promise.all(
          Array.from({ length: 20 }, (_, index) => store.say([said('A', 'joint', `m${index}`, '说')])),
        );
        const positions = (await store.talk('A', ['joint'])).map((one) => one.position);
        expect([...positions].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
        expect((await store.verify()).ok).toBe(true);
      });
    });

    describe('verify', () => {
      beforeEach(async () => {
        await opened('A');
        await more('A', '第一次更新');
        await more('A', '第二次更新');
        await store.say([said('A', 'joint', 'm1', '一'), said('A', 'joint', 'm2', '二')]);
      });

      it('answers with counts and a head that changes with every event', async () => {
        const before = await store.verify();
        expect(before).toMatchObject({ ok: true, incidents: 1, events: 3, talk: 2, redacted: 0 });
        await more('A', '第三次更新');
        const after = await store.verify();
        expect(after.ok && before.ok && after.head !== before.head).toBe(true);
      });

      it('finds a head that was printed earlier, and says when one is not in it', async () => {
        const printed = (await store.load('A'))?.head ?? '';
        await more('A', '第三次更新');
        expect((await store.verify(printed)).ok).toBe(true);
        expect(await store.verify('0'.repeat(64))).toMatchObject({ ok: false, why: 'head-not-found' });
      });

      it.each([
        [
          'a fact',
          `update events set facts = replace(facts, '"org":"vendor"', '"org":"vendos"') where position = 2`,
          2,
          'facts-changed',
        ],
        [
          'a text',
          `update events set texts = replace(texts, '第一次', '第二次') where position = 2`,
          2,
          'text-changed',
        ],
        ['an event that is gone', `delete from events where position = 2`, 2, 'missing'],
        ['an end that was cut off', `delete from events where position = 3`, 3, 'missing'],
        [
          'a text removed behind the back',
          `update events set texts = null, salt = null where position = 2`,
          2,
          'text-missing',
        ],
        [
          'a snapshot',
          `update incidents set state = replace(state, '报表系统打不开', '报表系统打得开')`,
          3,
          'snapshot',
        ],
        ['a version set back', `update incidents set version = 2`, 3, 'beyond-the-end'],
      ])('names the incident and the position of %s', async (_what, sql, position, why) => {
        await subject.tamper(sql);
        expect(await broken()).toEqual({ ok: false, incident: 'A', stream: 'events', position, why });
      });

      it.each([
        [
          'a text',
          `update talk set texts = replace(texts, '二', '三') where position = 2`,
          2,
          'text-changed',
        ],
        ['the kind', `update talk set kind = 'deleted' where position = 1`, 1, 'facts-changed'],
        ['a message that is gone', `delete from talk where position = 1`, 1, 'missing'],
        ['an end that was cut off', `delete from talk where position = 2`, 2, 'missing'],
      ])('names the stream and the position of %s in talk', async (_what, sql, position, why) => {
        await subject.tamper(sql);
        expect(await broken()).toEqual({ ok: false, incident: 'A', stream: 'joint', position, why });
      });
    });

    describe('redaction', () => {
      const redaction = { incident: 'A', by: LI, at: NOON + 9, reason: '误贴了口令' };

      it('removes the texts of an event from log and snapshot; the chain still holds and counts it', async () => {
        await store.append(appending('A', null, [reported('口令是 hunter2')]));
        await more('A', '后来');
        expect(await store.redact({ ...redaction, stream: 'events', position: 1 })).toBe(true);
        expect(JSON.stringify(await store.events('A'))).not.toContain('hunter2');
        expect(JSON.stringify(await store.load('A'))).not.toContain('hunter2');
        expect((await store.load('A'))?.version).toBe(2);
        expect(await store.verify()).toMatchObject({ ok: true, events: 2, redacted: 1 });
        expect(await store.redact({ ...redaction, stream: 'events', position: 1 })).toBe(false);
        expect(await store.redact({ ...redaction, stream: 'events', position: 9 })).toBe(false);
      });

      it('does not come back through a command that had begun before it', async () => {
        await store.append(appending('A', null, [reported('口令是 hunter2')]));
        const before = (await store.load('A'))?.incident ?? null;
        await store.redact({ ...redaction, stream: 'events', position: 1 });
        expect((await store.append(appending('A', before, [status('后来')]))).ok).toBe(true);
        expect(JSON.stringify(await store.load('A'))).not.toContain('hunter2');
        expect((await store.verify()).ok).toBe(true);
      });

      it('removes the text of a message and keeps its place', async () => {
        await opened('A');
        await store.say([said('A', 'joint', 'm1', '口令是 hunter2'), said('A', 'joint', 'm2', '谢谢')]);
        await store.redact({ ...redaction, stream: 'joint', position: 1 });
        const seen = await store.talk('A', ['joint']);
        expect(seen.map((one) => one.position)).toEqual([1, 2]);
        expect(JSON.stringify(seen)).not.toContain('hunter2');
        expect(await store.verify()).toMatchObject({ ok: true, talk: 2, redacted: 1 });
      });

      it('says who removed what and why, under the same chain', async () => {
        await opened('A');
        await store.redact({ ...redaction, stream: 'events', position: 1 });
        const [entry] = await store.talk('A', ['redactions']);
        expect(entry).toMatchObject({ author: LI, message: 'events:1', text: '误贴了口令' });
        await subject.tamper(`delete from talk where stream = 'redactions'`);
        expect((await broken()).incident).toBe('A');
      });
    });
  });
}
