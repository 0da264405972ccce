import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Counts, createCounts } from './audit/counts.ts';
import { createWatch, type Watch } from './audit/watch.ts';
import { createRelay } from './bridge/relay.ts';
import type { Message } from './chat/message.ts';
import type { ChatPlatform, Inbound, Posting, Receipt, Reply } from './chat/port.ts';
import { webPlatform } from './chat/web/platform.ts';
import type { Settings } from './config.ts';
import type { ContactMethod, Sent } from './contact/port.ts';
import { contactsNow, noticeContacts } from './contact/quiet.ts';
import type { DeliveryReport } from './contact/reports.ts';
import { withSlots } from './contact/slots.ts';
import type { Knowledge } from './diagnosis/index.ts';
import { looksLikeLog } from './diagnosis/index.ts';
import { createCrossing } from './dispatch/crossing.ts';
import { asStep } from './dispatch/examine.ts';
import { logProgress } from './dispatch/log-progress.ts';
import { createDispatch } from './dispatch.ts';
import { mailText } from './effects/announce/documents.ts';
import { pageText, untilOf, wordsOf } from './effects/announce/page.ts';
import { surveyText } from './effects/announce/review.ts';
import { pay, settle } from './effects/pay.ts';
import { delayAfter } from './engine/backoff.ts';
import type { Clock } from './engine/clock.ts';
import { createEngine, type Engine } from './engine/engine.ts';
import { createPace } from './engine/pace.ts';
import { createHandle, type Handle } from './handle.ts';
import { BOT, type Place } from './incident/events.ts';
import type { Language, Plan } from './incident/plan.ts';
import type { Incident } from './incident/state.ts';
import { createLessons } from './lessons.ts';
import { readPlanCopy } from './plan/copy.ts';
import { mayRead, problemsSeen, rosterEyes, turnsSeen } from './roster/access.ts';
import { directoryFor, estateOf, isSpecialTime, systemIn } from './roster/directory.ts';
import { rosterProblems, turnsAt } from './roster/oncall.ts';
import { type Person, routeOf } from './roster/schema.ts';
import { maskSecrets } from './secrets/mask.ts';
import { createHandover, type Handover } from './shifts/handover.ts';
import { createLiveRoster, type LiveRoster } from './shifts/live-roster.ts';
import type { Store } from './store/port.ts';
import { type DocumentWriter, writeDocument } from './summary/write/index.ts';
import { issueSurvey } from './survey.ts';
import { freeze, mailedFiles } from './view/documents.ts';
import { chartPicture, reportFiles, written } from './view/report.ts';
import { spoken } from './view/spoken.ts';
import { type TimelineLine, timelineOf } from './view/timeline.ts';
import { DOCUMENT } from './words/terms.ts';
import { fullTime } from './words/time.ts';

const pageRef = z.object({ incident: z.string(), page: z.string() });

export interface DeskOptions {
  readonly settings: Settings;
  readonly knowledge: Knowledge;
  readonly store: Store;
  readonly clock: Clock;
  readonly contact: ContactMethod;
  readonly platforms: readonly ChatPlatform[];
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
  /** How a document is written; in place unless it is said. */
  readonly write?: DocumentWriter;
  readonly newId?: () => string;
  readonly random?: () => number;
}

/** Everything but the doors: store, rules, engine and the way of a message, wired to each other. */
export interface Desk {
  readonly settings: Settings;
  readonly store: Store;
  readonly clock: Clock;
  readonly engine: Engine;
  readonly watch: Watch;
  readonly handover: Handover;
  readonly roster: LiveRoster;
  readonly counts: Counts;
  /** What a platform says later of a page that it took; false when it is not known which page is meant. */
  reported(route: string, report: DeliveryReport): Promise<boolean>;
  readonly handle: Handle;
  receive(inbound: Inbound): Promise<Reply>;
  readonly write: DocumentWriter;
  planOf(version: string | null): Promise<Plan>;
  subscribe(listener: (change: { readonly incident: string | null }) => void): () => void;
  /** Tells the open pages of something that the desk itself did not do. */
  changed(incident: string | null): void;
}

export async function createDesk(options: DeskOptions): Promise<Desk> {
  const { settings, store, clock } = options;
  const newId = options.newId ?? randomUUID;
  const random = options.random ?? Math.random;
  const write = options.write ?? writeDocument;
  const listeners = new Set<(change: { readonly incident: string | null }) => void>();
  const changed = (incident: string | null): void => {
    for (const listener of listeners) listener({ incident });
  };
  const people = new Map(settings.config.people.map((one) => [one.id, one]));
  const planOf = await pinnedPlans(store, settings.plan);
  const lessons = await createLessons(store, options.knowledge, settings.config, options.log);
  const roster = await createLiveRoster(store, settings.config, settings.plan.zone);

  const rosterChanged = async (): Promise<void> => {
    try {
      await roster.refresh();
      handover.rearm();
    } catch (error) {
      options.log('roster not read', { error: String(error) });
    }
  };
  // What another instance wrote is news for the pages that are open here. Heard from here on: it can come at once.
  store.listen?.((incident) => {
    lessons.changed();
    for (const listener of listeners) listener({ incident });
    if (!incident) void rosterChanged();
  });

  const handle = createHandle({
    store,
    now: clock.now,
    newId,
    plan: planOf,
    directory: (system) => directoryFor(roster.current(), system, clock.now(), settings.plan.zone),
    languageOf: (person) => people.get(person)?.language ?? settings.config.desk.language,
    capabilities: (platform) => platforms.get(platform)?.capabilities ?? null,
    committed: (incident, events) => {
      if (events.some(({ body }) => body.type === 'KnowledgeReviewed' || body.type === 'KnowledgeWithdrawn'))
        lessons.changed();
      engine.kick();
      changed(incident);
    },
  });

  const counts = createCounts();
  const web = webPlatform({
    put: async (incident, message, key) => {
      const id = await putInTalk(store, message, { incident, key }, clock.now());
      changed(incident);
      return id;
    },
  });
  const platforms = new Map([web, ...options.platforms].map((one) => [one.name, one]));
  const count = (
    route: string,
    done: { readonly ok: true } | { readonly ok: false; readonly permanent: boolean },
  ): void => counts.sent(route, done.ok ? 'accepted' : done.permanent ? 'permanent' : 'temporary');
  const reporting = new Set(
    settings.config.delivery.gateways.filter((one) => one.reports).map((one) => one.id),
  );
  const reported = async (route: string, report: DeliveryReport): Promise<boolean> => {
    const kept = await store.getNote(`sent:${route}:${report.id}`);
    if (kept === null) return false;
    const { incident, page } = pageRef.parse(JSON.parse(kept));
    const paged = (await store.load(incident))?.incident.pages.find((one) => one.id === page);
    if (!paged) return false;
    const lateMs = Math.max(0, clock.now() - paged.pagedAt);
    const delivery = { method: route, outcome: report.outcome, detail: report.detail, lateMs };
    const recorded = await handle(incident, {
      by: BOT,
      at: null,
      backdateReason: null,
      sources: [],
      body: { type: 'record-delivery', page, delivery },
    });
    return recorded.ok;
  };
  const compiled = async (
    incident: Incident,
    language: Language,
    org: string,
  ): Promise<readonly TimelineLine[]> =>
    timelineOf({
      eyes: { org, side: settings.config.organisations.find((one) => one.id === org)?.side ?? null },
      events: await store.events(incident.id),
      talk: await spoken(store, incident.id),
      plan: await planOf(incident.pinned.planVersion),
      language,
      nameOf: (id) => people.get(id)?.name ?? (id === BOT.id ? settings.config.desk.name : id),
      orgName: (id) => settings.config.organisations.find((one) => one.id === id)?.name ?? id,
    });
  const sendTo = async (
    place: Place,
    send: (platform: ChatPlatform) => Promise<Receipt> | undefined,
  ): Promise<Receipt> => {
    const platform = platforms.get(place.platform);
    const receipt = await (platform && send(platform));
    if (platform && receipt) {
      count(`room:${place.platform}`, receipt);
      if (receipt.ok || receipt.retryAfterMs === null) return receipt;
      return { ...receipt, retryAfterMs: Math.max(receipt.retryAfterMs, platform.limits.blockedForMs) };
    }
    return {
      ok: false,
      permanent: true,
      retryAfterMs: null,
      error: `platform ${place.platform} is not configured`,
    };
  };
  const post = (place: Place, message: Message, { key, replyTo }: Posting): Promise<Receipt> =>
    sendTo(place, (platform) =>
      platform.post(place, message, replyTo === undefined ? { key } : { key, replyTo }),
    );
  const retry = { now: clock.now, retryDelay: (attempts: number) => delayAfter(attempts, random) };
  const relay = createRelay({
    store,
    now: clock.now,
    zone: settings.plan.zone,
    sideOf: (org) => settings.config.organisations.find((one) => one.id === org)?.side ?? null,
    orgName: (org) => settings.config.organisations.find((one) => one.id === org)?.name ?? org,
    platform: (name) => platforms.get(name) ?? null,
    post,
    attach: (place, file, posting) => sendTo(place, (platform) => platform.attach?.(place, file, posting)),
    highlights: async (incident, language) =>
      (await compiled(incident, language, '')).flatMap((line) =>
        line.dropped || !line.entry.startsWith('M') ? [] : [line.entry.slice(1)],
      ),
    settle: (failed, row) => settle(failed, row, retry, failed.error),
  });

  const reach = withSlots(options.contact, clock);
  const engine = createEngine({
    store,
    clock,
    log: options.log,
    // The web room is this server's own and takes everything.
    pace: createPace(store, (name) => (name === web.name ? null : (platforms.get(name)?.limits ?? null))),
    tick: async (incident) => {
      await handle(incident, {
        by: BOT,
        at: null,
        backdateReason: null,
        sources: [],
        body: { type: 'tick' },
      });
    },
    pay: (row) =>
      pay(row, {
        now: clock.now,
        load: async (incident) => (await store.load(incident))?.incident ?? null,
        person: (id) => people.get(id) ?? null,
        post: async (place, message, posting, shared) => {
          if (!shared) return post(place, message, posting);
          const messageId = await putInTalk(store, message, posting, clock.now(), 'customer+vendor');
          changed(posting.incident);
          return { ok: true, messageId };
        },
        relay,
        rooms: (platform) => platforms.get(platform)?.rooms ?? null,
        members: (platform, ids) =>
          ids.flatMap((id) => {
            const address = accountOf(platform, id, people.get(id));
            return address === null ? [] : [{ id, address }];
          }),
        opened: async (incident, place, because) => {
          const body = { type: 'open-room', place, ...(because === undefined ? {} : { because }) } as const;
          await handle(incident, { by: BOT, at: null, backdateReason: null, sources: [], body });
        },
        contact: async (contact, call) => {
          const sent = await reach(contact, call);
          count(routeOf(contact), sent);
          return sent;
        },
        taken: async (route, messageId, page) => {
          // A gateway names the page as we did, or by an id of its own.
          const ids = reporting.has(route) ? [page.page, messageId] : platforms.has(route) ? [messageId] : [];
          for (const id of ids)
            if (id !== undefined) await store.putNote(`sent:${route}:${id}`, JSON.stringify(page));
        },
        contactsFor: (person, incident) =>
          contactsNow(
            person.contacts,
            settings.config.delivery.quiet,
            incident.severity,
            clock.now(),
            settings.plan.zone,
          ),
        noticeContacts: (person) => noticeContacts(person.contacts, settings.config.delivery.gateways),
        receipt: async (incident, page, delivery) => {
          if (delivery.outcome === 'accepted' || delivery.outcome === 'possible-duplicate')
            counts.late(delivery.lateMs);
          await handle(incident, {
            by: BOT,
            at: null,
            backdateReason: null,
            sources: [],
            body: { type: 'record-delivery', page, delivery },
          });
        },
        pageWords: (incident, page, person, possibleDuplicate) => ({
          text: pageText(incident, page, person, settings.plan, possibleDuplicate),
          words: wordsOf(incident, person, untilOf(incident, page, settings.plan)),
        }),
        mail: async (incident, mail) => {
          const files = await written(mailedFiles({ store, write }, incident, mail));
          if (files === null) return noMail('the version is not kept any more');
          if (files === 'not-written') return { ...noMail('the file was not written'), permanent: false };
          const address = mail.to.includes('@') ? mail.to : addressOf(people.get(mail.to));
          if (address === null) return noMail(`${mail.to} has no e-mail address on the roster`);
          const title = DOCUMENT[mail.document][settings.config.desk.language];
          const head = (await store.load(incident.id))?.head ?? '';
          return reach(
            { method: 'email', address },
            {
              incident: incident.id,
              code: incident.code,
              page: null,
              subject: `${incident.code} ${title} v${mail.version}`,
              text: mailText(incident, title, mail.version, head, settings.config.desk.language),
              words: wordsOf(incident),
              attachments: files,
            },
          );
        },
        mailed: async (incident, mail, result) => {
          const body = { type: 'record-mailing', ...mail, ...result } as const;
          await handle(incident, { by: BOT, at: null, backdateReason: null, sources: [], body });
        },
        surveyWords: async (incident, person) => {
          const base = settings.config.desk.publicUrl;
          if (base === undefined) return surveyText(incident, person.language, null);
          const token = await issueSurvey(store, { incident: incident.id, person: person.id }, clock.now());
          return surveyText(incident, person.language, new URL(`/judge/${token}`, base).href);
        },
        retryDelay: retry.retryDelay,
      }),
  });

  const handover = createHandover({
    store,
    clock,
    roster: roster.current,
    zone: settings.plan.zone,
    plan: planOf,
    tierTitle: (tier, language) =>
      settings.plan.tiers.find((one) => one.tier === tier)?.title[language] ?? String(tier),
    nameOf: (id) => people.get(id)?.name ?? id,
    kick: () => engine.kick(),
    log: options.log,
  });

  const receive = createDispatch({
    leaveShiftNote: handover.leave,
    swap: async (me, other, mine, theirs) => {
      const swapped = await roster.swap(me, other, mine, theirs, clock.now());
      if (swapped.ok) await handover.swapped(me, other, swapped);
      return swapped;
    },
    gapsAhead: (at, org) =>
      problemsSeen(
        rosterEyes(roster.current(), org),
        rosterProblems(roster.current(), at, 14, settings.plan.zone),
      ),
    mayRead: (incident, author) => mayRead(settings.config, incident, author),
    webAddress: settings.config.desk.publicUrl ?? null,
    store,
    handle,
    now: clock.now,
    newId,
    plan: planOf,
    roomName: (platform, code, system) =>
      platforms.get(platform)?.rooms
        ? roomName(settings.config.chat.roomName, { code, system: system ?? '' })
        : null,
    directory: (system) => directoryFor(roster.current(), system, clock.now(), settings.plan.zone),
    system: (text) => {
      const system = systemIn(settings.config, text);
      return {
        id: system?.id ?? null,
        name: system?.name ?? null,
        remoteOnly: system?.remoteOnly ?? false,
        specialTime: isSpecialTime(system, clock.now(), settings.plan.zone),
      };
    },
    step: (name) => {
      const step = lessons.step(name);
      return step ? asStep({ ...step, commands: [] }) : null;
    },
    onCall: (at, org) =>
      turnsSeen(rosterEyes(roster.current(), org), turnsAt(roster.current(), at, settings.plan.zone)),
    examine: lessons.examine,
    similar: lessons.similar,
    wordsOf: lessons.wordsOf,
    teach: lessons.teach,
    post,
    reading: logProgress(post),
    looksLikeLog,
    timeline: compiled,
    documents: (incident, wanted) => reportFiles({ settings, store, clock, planOf, write }, incident, wanted),
    picture: chartPicture,
    freeze: (incident, document, language, organisation) =>
      freeze({ settings, store, clock, planOf, write }, incident, document, language, organisation),
    mask: (text) => maskSecrets(text).text,
    crossing: createCrossing({ store, estate: (incident) => estateOf(settings.config, incident.system.id) }),
    knowledgeVersion: lessons.version,
    seen: (platform, messageId) => reported(platform, { id: messageId, outcome: 'seen', detail: 'read' }),
    said: (incident) => {
      engine.kick();
      changed(incident);
    },
  });

  const heartbeat = settings.config.delivery.heartbeat;
  const watch = createWatch({
    store,
    clock,
    plan: planOf,
    log: options.log,
    heartbeat:
      heartbeat === undefined
        ? null
        : async () => {
            try {
              await beat(heartbeat);
              counts.beat('acknowledged');
            } catch (error) {
              counts.beat('unacknowledged');
              throw error;
            }
          },
    alarm: async (incident, difference, key) => {
      engine.kick();
      const reason = `审计发现：${difference.what} ${difference.id} 应于 ${fullTime(difference.dueAt, settings.plan.zone)} 触发而未触发`;
      const body = { type: 'page', person: null, tier: 1, post: null, reason, override: null } as const;
      const command = { by: BOT, at: null, backdateReason: null, sources: [], body };
      // Every instance watches; the first one alarms, and it alone counts.
      const paged = await handle(incident, command, key);
      if (!paged.ok || !paged.duplicate) counts.missed(difference.what);
    },
  });

  return {
    settings,
    store,
    clock,
    engine,
    watch,
    handover,
    roster,
    counts,
    reported,
    handle,
    receive,
    planOf,
    write,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changed,
  };
}

/** A person's account on a platform: from the roster, or in the id of a guest (`slack:U0123`). */
function accountOf(platform: string, id: string, person: Person | undefined): string | null {
  const named = person?.accounts[platform];
  if (named !== undefined) return named;
  return id.startsWith(`${platform}:`) ? id.slice(platform.length + 1) : null;
}

/** `inc-{code}-{system}` filled in; each platform bends it to what it allows. */
function roomName(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(code|system)\}/g, (_all, name: string) => values[name] ?? '');
}

/** Throws when the monitor did not acknowledge: a beat that nobody counts is none. */
async function beat(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`the heartbeat was answered with HTTP ${response.status}`);
}

/** An incident keeps the plan it began with: every version that was ever used is kept beside the log. */
async function pinnedPlans(store: Store, present: Plan): Promise<(version: string | null) => Promise<Plan>> {
  await store.putNote(`plan:${present.version}`, JSON.stringify(present));
  const known = new Map<string, Plan>([[present.version, present]]);
  return async (version) => {
    if (version === null || version === '') return present;
    const found = known.get(version);
    if (found) return found;
    const kept = await store.getNote(`plan:${version}`);
    if (kept === null) return present;
    const plan = readPlanCopy(JSON.parse(kept), present);
    known.set(version, plan);
    return plan;
  };
}

/** The bot speaks into the room's own record; a card of the same name is changed where it stands. */
async function putInTalk(
  store: Store,
  message: Message,
  row: { incident: string; key: string },
  now: number,
  stream: 'joint' | 'customer+vendor' = 'joint',
): Promise<string> {
  const name = stream === 'joint' ? (message.card ?? '') : `${stream}:${message.card ?? ''}`;
  const id = message.card === null ? row.key : `card:${name}`;
  const note = `card:${row.incident}:${name}`;
  const known = message.card !== null && (await store.getNote(note)) !== null;
  await store.say([
    {
      incident: row.incident,
      stream,
      kind: known ? 'edited' : 'said',
      message: id,
      author: BOT,
      occurred: now,
      recorded: now,
      text: JSON.stringify(message),
      platform: 'web',
      form: 'bot',
    },
  ]);
  if (message.card !== null && !known) await store.putNote(note, id);
  return id;
}

function noMail(detail: string): Extract<Sent, { ok: false }> {
  return { ok: false, permanent: true, retryAfterMs: null, detail };
}

function addressOf(person: Person | undefined): string | null {
  const email = person?.contacts.find((one) => one.method === 'email');
  return email?.method === 'email' ? email.address : null;
}
