import { join } from 'node:path';
import { COMMANDS } from '../../commands/index.ts';
import type { Message } from '../../src/chat/message.ts';
import type { Inbound, Reply } from '../../src/chat/port.ts';
import { loadSettings, PROJECT } from '../../src/config.ts';
import { clocks, mostUrgent } from '../../src/incident/clocks.ts';
import { BOT, type IncidentEvent } from '../../src/incident/events.ts';
import type { Language } from '../../src/incident/plan.ts';
import type { Incident } from '../../src/incident/state.ts';
import { directoryFor } from '../../src/roster/directory.ts';
import type { NewTalk, TalkEntry } from '../../src/store/port.ts';
import { nextButtons } from '../../src/view/next.ts';
import { postsOf } from '../../src/view/posts.ts';
import { timelineOf } from '../../src/view/timeline.ts';
import { createWeb, type Web } from '../../src/web/app.tsx';
import type { ApprovalView, Change, Person, Reader, RoomView, WebDeps } from '../../src/web/deps.ts';
import { ROLE } from '../../src/words/terms.ts';

export const SETTINGS = loadSettings(join(PROJECT, 'warroom.sample.yaml'));
const { plan, config } = SETTINGS;
export const NOW = Date.parse('2026-11-24T03:31:20+08:00');

export const orgName = (id: string): string => config.organisations.find((one) => one.id === id)?.name ?? id;
export const nameOf = (id: string): string =>
  id === BOT.id ? BOT.name : (config.people.find((one) => one.id === id)?.name ?? id);
export const actor = (id: string) => ({
  id,
  name: nameOf(id),
  org: config.people.find((one) => one.id === id)?.org ?? BOT.org,
});

export interface FixtureRoom {
  incident: Incident;
  readonly events: readonly IncidentEvent[];
  readonly talk: TalkEntry[];
}

export interface Fixture {
  readonly web: Web;
  readonly deps: WebDeps;
  readonly rooms: FixtureRoom[];
  /** Everything that the web room handed on. */
  readonly received: Inbound[];
  /** What the next inbound is answered with. */
  reply: Reply;
  now: number;
  /** Puts words into a room as if they had come from somewhere else, and tells the open pages. */
  say(room: FixtureRoom, talk: Partial<NewTalk> & { readonly text: string }): void;
  bot(room: FixtureRoom, message: Message): void;
  changed(change?: Change): void;
  readonly failures: unknown[];
}

export const NOTHING: Reply = { toAsker: null, form: null, incident: null };

/** The web room over things in memory, with the plan and the roster of the sample configuration. */
export function createFixture(
  rooms: FixtureRoom[],
  options: {
    readonly people?: readonly Person[];
    readonly switchable?: boolean;
    readonly ticking?: boolean;
  } = {},
): Fixture {
  const notes = new Map<string, string>();
  const listeners = new Set<(change: Change) => void>();
  const received: Inbound[] = [];
  const failures: unknown[] = [];
  const started = Date.now();
  let count = 0;

  const find = (id: string) => rooms.find((one) => one.incident.id === id || one.incident.code === id);
  const visible = (reader: Reader) => ['joint', `org:${reader.person.org}`];

  const deps: WebDeps = {
    now: () => (options.ticking ? fixture.now + Date.now() - started : fixture.now),
    randomId: () => {
      count += 1;
      return `id-${String(count).padStart(8, '0')}`;
    },
    zone: plan.zone,
    publicUrl: null,
    switchable: options.switchable ?? true,
    oidc: null,
    metricsToken: 'collector',
    deliveryReports: async () => ({ ok: false, status: 403 }),
    onCall: async () => ({ tiers: [], gaps: [], doubles: [] }),
    people: async (language) => options.people ?? config.people.map((one) => personOf(one.id, language)),
    systems: async () => config.systems.map((one) => one.name),
    commands: (language) =>
      COMMANDS.map((one) => ({
        insert: language === 'zh' ? `/应急 ${one.zh[0] ?? one.name} ` : `/incident ${one.name} `,
        names: [one.name, ...one.zh, ...one.en],
        about: one.about[language],
      })),
    rooms: async (reader) =>
      rooms.map(({ incident }) => ({
        id: incident.id,
        code: incident.code,
        title: incident.title,
        system: incident.system.name,
        kind: incident.kind,
        severity: incident.severity,
        proposed: incident.severity === null ? (incident.proposed?.severity ?? null) : null,
        status: incident.status,
        reportedAt: incident.moments.reported?.at ?? 0,
        urgent: incident.status === 'closed' ? null : mostUrgent(clocks(incident, plan, deps.now())),
        openApprovals: incident.actions.filter((one) => one.status === 'proposed').length,
        pages: incident.pages
          .filter((page) => page.status === 'open' && page.person === reader.person.id)
          .map((page) => ({
            id: page.id,
            because: { zh: '现场请求', en: 'asked for' }[reader.language],
            acknowledgeBy: page.acknowledgeBy,
            buttons: [
              { label: '应答', command: 'ack', args: { page: page.id }, style: 'primary' },
              { label: '拒接…', command: 'decline', args: { page: page.id }, style: 'plain' },
            ],
          })),
      })),
    room: async (id, reader) => {
      const found = find(id);
      return found ? roomOf(found.incident, reader) : null;
    },
    talk: async (id, reader, after) =>
      (find(id)?.talk ?? []).filter(
        (entry) => visible(reader).includes(entry.stream) && entry.position > (after?.[entry.stream] ?? 0),
      ),
    file: async () => null,
    timeline: async (id, reader) =>
      timelineOf({
        events: find(id)?.events ?? [],
        talk: [],
        plan,
        language: reader.language,
        nameOf,
        orgName: (id) => id,
        eyes: { org: reader.person.org, side: reader.person.side },
      }).map((line) => ({ ...line, buttons: [] })),
    chart: async (id, excerpt) => {
      const found = (find(id)?.events ?? []).find(
        ({ body }) => body.type === 'FaultDiagnosed' && body.excerpt === excerpt,
      );
      return found?.body.type === 'FaultDiagnosed' ? (found.body.chart ?? null) : null;
    },
    report: async (id, report, format) => ({
      contentType: {
        html: 'text/html; charset=utf-8',
        docx: 'application/octet-stream',
        pdf: 'application/pdf',
        md: 'text/markdown; charset=utf-8',
      }[format],
      filename: `故障处理报告-${find(id)?.incident.code ?? ''}.${format}`,
      body: format === 'html' ? `<!doctype html><title>${report}</title><h1>故障处理报告</h1>` : report,
    }),
    invitation: async () => null,
    guest: async () => null,
    survey: async () => null,
    version: async () => null,
    receive: async (inbound) => {
      received.push(inbound);
      const room = inbound.incident === null ? undefined : find(inbound.incident);
      if (room && inbound.kind === 'text' && !inbound.text.startsWith('/')) {
        fixture.say(room, {
          text: inbound.text,
          message: inbound.messageId,
          ...(inbound.replyTo === undefined ? {} : { replyTo: inbound.replyTo }),
          author: inbound.author,
          stream: inbound.audience ? `org:${inbound.author.org}` : 'joint',
        });
      }
      if (room && inbound.kind === 'file') {
        fixture.say(room, {
          text: `📎 ${inbound.name}`,
          message: inbound.messageId,
          author: inbound.author,
          form: 'log',
        });
      }
      if (room && (inbound.kind === 'edited' || inbound.kind === 'deleted')) {
        fixture.say(room, {
          kind: inbound.kind,
          text: inbound.kind === 'edited' ? inbound.text : '',
          message: inbound.messageId,
          author: inbound.author,
          stream: room.talk.find((one) => one.message === inbound.messageId)?.stream ?? 'joint',
        });
      }
      return fixture.reply;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ended: () => fixture.changed(),
    getNote: async (key) => notes.get(key) ?? null,
    putNote: async (key, value) => {
      if (value === null) notes.delete(key);
      else notes.set(key, value);
    },
    failed: (_number, error) => failures.push(error),
    health: async () => ({ ok: true, detail: { openIncidents: String(rooms.length) } }),
    metrics: async () => 'warroom_open_incidents 1\n',
  };

  const fixture: Fixture = {
    web: createWeb(deps),
    deps,
    rooms,
    received,
    failures,
    reply: NOTHING,
    now: NOW,
    say: (room, talk) => {
      put(room, {
        incident: room.incident.id,
        stream: 'joint',
        kind: 'said',
        message: `m${room.talk.length + 1}`,
        author: actor('ops'),
        occurred: deps.now(),
        recorded: deps.now(),
        platform: 'web',
        form: 'text',
        ...talk,
      });
      fixture.changed({ incident: room.incident.id });
    },
    bot: (room, message) => {
      putMessage(room, message, deps.now());
      fixture.changed({ incident: room.incident.id });
    },
    changed: (change = { incident: null }) => {
      for (const listener of listeners) listener(change);
    },
  };
  return fixture;

  function roomOf(incident: Incident, reader: Reader): RoomView {
    const { language } = reader;
    const directory = directoryFor(config, incident.system.id, deps.now(), plan.zone);
    const last = incident.diagnoses.at(-1);
    const all = clocks(incident, plan, deps.now());
    return {
      incident,
      clocks: all,
      next: nextButtons(incident, reader.person.id, language),
      posts: postsOf(incident, plan, directory, orgName, language),
      approvals: incident.actions
        .filter((one) => one.status === 'proposed' || one.status === 'approved')
        .map(
          (action): ApprovalView => ({
            action: action.id,
            due: action.status === 'proposed' ? action.askedAt + 10 * 60_000 : null,
            buttons: [
              {
                label: { zh: '批准', en: 'Approve' }[language],
                command: 'approve',
                args: { action: action.id },
                style: 'primary',
              },
              {
                label: { zh: '驳回…', en: 'Reject…' }[language],
                command: 'reject',
                args: { action: action.id },
                style: 'plain',
              },
            ],
            roles: action.content.requires.map((role) => {
              const given = action.approvals.find((one) => one.role === role);
              const holder = directory.approvers[role]?.holder;
              return {
                role,
                title: ROLE[role][language],
                holder: holder ? nameOf(holder) : null,
                approvedBy: given ? nameOf(given.person) : null,
                approvedAt: given?.at ?? null,
                breakGlass: given?.breakGlass ?? false,
              };
            }),
          }),
        ),
      diagnosis: last ? { at: last.at, findings: last.findings } : null,
      reports: [
        {
          report: 'handling',
          title: { zh: '故障处理报告', en: 'Fault handling report' }[language],
          due: all.find((one) => one.id === 'handling-report')?.deadline ?? null,
          deliveredAt: null,
          versions: [],
          openFacts: incident.cause
            ? []
            : [
                { zh: '原因是什么？', en: 'What was the cause?' }[language],
                { zh: '影响了谁、多少？', en: 'Who was affected, how much?' }[language],
              ],
          buttons: [],
        },
      ],
      privateStream: `org:${reader.person.org}`,
      streamTitles: { joint: '所有人', [`org:${reader.person.org}`]: `仅 ${orgName(reader.person.org)}` },
    };
  }
}

function put(room: FixtureRoom, talk: NewTalk): void {
  const position = room.talk.filter((entry) => entry.stream === talk.stream).length + 1;
  room.talk.push({ ...talk, position });
}

/** As the bot speaks in the real room: a card of the same name is changed where it stands. */
export function putMessage(room: FixtureRoom, message: Message, at: number): void {
  const id = message.card === null ? `bot-${room.talk.length + 1}` : `card:${message.card}`;
  const known = room.talk.some((entry) => entry.message === id);
  put(room, {
    incident: room.incident.id,
    stream: 'joint',
    kind: known ? 'edited' : 'said',
    message: id,
    author: BOT,
    occurred: at,
    recorded: at,
    text: JSON.stringify(message),
    platform: 'web',
    form: 'bot',
  });
}

function personOf(id: string, language: Language): Person {
  const person = config.people.find((one) => one.id === id);
  const org = person?.org ?? '';
  const tiers = plan.tiers
    .filter((tier) => config.tiers[String(tier.tier)]?.includes(id))
    .map((tier) => tier.title[language]);
  const posts = plan.posts
    .filter((post) => config.posts[post.id]?.includes(id))
    .map((post) => post.title[language]);
  const side = config.organisations.find((one) => one.id === org)?.side ?? null;
  return { id, name: nameOf(id), org, orgName: orgName(org), side, posts: [...tiers, ...posts] };
}
