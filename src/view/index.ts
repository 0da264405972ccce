import { COMMANDS } from '../../commands/index.ts';
import { plainText } from '../chat/message.ts';
import type { Desk } from '../desk.ts';
import { clocks, mostUrgent } from '../incident/clocks.ts';
import { namesIn } from '../incident/guests.ts';
import { clocksSeenBy, type Eyes } from '../incident/org-clocks.ts';
import type { Language } from '../incident/plan.ts';
import type { Incident } from '../incident/state.ts';
import { streamsOf as visibleTo } from '../incident/visibility.ts';
import { mayRead as mayReadAny, sideOf } from '../roster/access.ts';
import { namedFor } from '../roster/contacts.ts';
import { directoryFor } from '../roster/directory.ts';
import type { TalkFile } from '../store/port.ts';
import { spendSurvey, surveyOf } from '../survey.ts';
import type {
  ApprovalView,
  PageForReader,
  Person,
  Reader,
  RoomSummary,
  RoomView,
  WebDeps,
} from '../web/deps.ts';
import type { OidcDoor } from '../web/oidc/door.ts';
import { BECAUSE, ROLE, term } from '../words/terms.ts';
import { type Asker, allowed, cardOf } from './allowed.ts';
import { versionFile } from './documents.ts';
import { guestDoor } from './guests.ts';
import { healthDetail, metricsText } from './metrics.ts';
import { nextButtons } from './next.ts';
import { onCallOf } from './oncall.ts';
import { postsOf } from './posts.ts';
import { renderReport, written } from './report.ts';
import { mayReadReport, reportsOf } from './report-list.ts';
import { receiveReports } from './reports.ts';
import { spoken } from './spoken.ts';
import { timelineButtons, timelineOf } from './timeline.ts';

const SHOWN_ROOMS = 200;

/** What the web room asks of the rest, answered from the store and the rules. */
export function webDeps(
  desk: Desk,
  options: {
    readonly newId: () => string;
    readonly metricsToken: string | null;
    /** Where the tokens of the gateways' reports are kept. */
    readonly environment: NodeJS.ProcessEnv;
    /** Absent where no provider of accounts is configured. */
    readonly oidc?: OidcDoor | null;
    readonly failed: (number: string, error: unknown) => void;
  },
): WebDeps {
  const { settings, store, clock } = desk;
  const { config } = settings;
  const oidc = options.oidc ?? null;
  const orgName = (id: string): string => config.organisations.find((one) => one.id === id)?.name ?? id;
  const nameOf = (id: string): string =>
    config.people.find((one) => one.id === id)?.name ?? (id === 'warroom' ? config.desk.name : id);

  const load = async (id: string): Promise<Incident | null> => {
    const found = await store.load(id);
    if (found) return found.incident;
    return store.incidentByCode(id.toUpperCase());
  };
  /** Every look into an incident goes through here: what is not the reader's business is not there. */
  const enter = async (id: string, reader: Reader): Promise<Incident | null> => {
    const incident = await load(id);
    if (!incident || mayRead(incident, reader)) return incident;
    // Asked for what is not theirs: the record says so, and they learn no more than of one that never was.
    const { id: person, name, org } = reader.person;
    const look = { at: null, backdateReason: null, sources: [], body: { type: 'look' } } as const;
    await desk.handle(incident.id, { by: { id: person, name, org }, ...look });
    return null;
  };
  const askerOf = async (incident: Incident, { person }: Reader): Promise<Asker> => {
    const plan = await desk.planOf(incident.pinned.planVersion);
    const directory = directoryFor(desk.roster.current(), incident.system.id, clock.now(), plan.zone);
    return { person, incident, directory, plan };
  };
  const mayRead = (incident: Incident, { person, only }: Reader): boolean =>
    only === undefined ? mayReadAny(config, incident, person) : incident.id === only;

  return {
    now: clock.now,
    randomId: options.newId,
    zone: settings.plan.zone,
    publicUrl: config.desk.publicUrl ?? null,
    switchable: oidc === null,
    oidc,
    metricsToken: options.metricsToken,

    people: async (language) => config.people.map((one) => personView(one.id, language)),
    systems: async ({ person }) =>
      config.systems
        .filter((one) => person.side === 'vendor' || one.org === person.org)
        .map((one) => one.name),
    commands: (language) =>
      COMMANDS.map((one) => ({
        insert: language === 'zh' ? `/应急 ${one.zh[0] ?? one.name} ` : `/incident ${one.name} `,
        names: [one.name, ...one.zh, ...one.en],
        about: one.about[language],
      })),

    onCall: (reader) => onCallOf(desk, reader),
    rooms: async (reader) => {
      const all = await listed(reader);
      return Promise.all(all.map((incident) => summaryOf(incident, reader)));
    },
    room: async (id, reader) => {
      const incident = await enter(id, reader);
      return incident ? roomOf(incident, reader) : null;
    },
    talk: async (id, reader, after) => {
      const incident = await enter(id, reader);
      if (!incident) return [];
      const asker = await askerOf(incident, reader);
      const talk = await store.talk(incident.id, streamsOf(reader), after ?? undefined);
      return talk.map((one) =>
        one.form === 'bot' && one.text !== '' ? cardOf(one, asker, reader.language) : one,
      );
    },
    file: async (id, sha256, reader) => {
      const incident = await enter(id, reader);
      const file = incident && (await fileIn(incident.id, sha256, reader));
      const bytes = file ? await store.file(file.sha256) : null;
      return file && bytes ? { name: file.name, bytes } : null;
    },
    timeline: async (id, reader) => {
      const incident = await enter(id, reader);
      if (!incident) return [];
      const plan = await desk.planOf(incident.pinned.planVersion);
      const zh = reader.language === 'zh';
      const lines = timelineOf({
        events: await store.events(incident.id),
        talk: await spoken(store, incident.id),
        plan,
        language: reader.language,
        nameOf,
        orgName,
        eyes: sidedOf(reader),
      });
      const asker = await askerOf(incident, reader);
      return lines.map((line) => ({ ...line, buttons: allowed(timelineButtons(line, zh), asker) }));
    },
    chart: async (id, excerpt, reader) => {
      const incident = await enter(id, reader);
      if (!incident) return null;
      const found = (await store.events(incident.id)).findLast(
        ({ body }) => body.type === 'FaultDiagnosed' && body.excerpt === excerpt,
      );
      return found?.body.type === 'FaultDiagnosed' ? (found.body.chart ?? null) : null;
    },
    report: async (id, report, format, reader) => {
      const incident = await enter(id, reader);
      if (!incident || !mayReadReport(report, sidedOf(reader))) return null;
      const { org } = reader.person;
      return written(renderReport(desk, incident, report, format, reader.language, org));
    },

    version: async (id, report, version, format, reader) => {
      const incident = await enter(id, reader);
      const { org } = reader.person;
      const found = incident?.documents.find(
        (one) => one.document === report && one.version === version && (one.organisation ?? org) === org,
      );
      return incident && found && mayReadReport(report, sidedOf(reader))
        ? written(versionFile(desk, incident, found, format))
        : null;
    },

    ...guestDoor(desk, orgName),

    survey: async (token) => {
      const asked = await surveyOf(store, token, clock.now());
      const incident = asked && (await load(asked.incident));
      const person = asked && config.people.find((one) => one.id === asked.person);
      if (!incident || !person) return null;
      return {
        code: incident.code,
        title: incident.title,
        system: incident.system.name,
        person: person.name,
        answer: async (given, language) => {
          const reply = await desk.receive({
            kind: 'action',
            id: `survey-${token.slice(0, 12)}`,
            command: 'satisfaction',
            args: { ...given },
            place: {
              platform: 'web',
              workspace: 'local',
              conversation: incident.id,
              language,
              org: person.org,
            },
            incident: incident.id,
            author: { id: person.id, name: person.name, org: person.org },
            at: clock.now(),
            language,
          });
          if (reply.toAsker !== null) return plainText(reply.toAsker.headline);
          await spendSurvey(store, token);
          return null;
        },
      };
    },

    receive: desk.receive,
    subscribe: desk.subscribe,
    ended: () => desk.changed(null),
    getNote: (key) => store.getNote(`web:${key}`),
    putNote: (key, value) => store.putNote(`web:${key}`, value),

    failed: options.failed,
    health: async () => {
      const stats = await store.stats(clock.now());
      return { ok: stats.oldestOverdueMs < 60_000, detail: await healthDetail(stats, desk.counts) };
    },
    deliveryReports: (call) => receiveReports(desk, options.environment, call),
    metrics: async () =>
      metricsText(await store.stats(clock.now()), desk.counts, [
        'page',
        'tell',
        'note',
        'room:web',
        ...Object.entries(config.chat).flatMap(([name, one]) =>
          typeof one === 'object' ? [`room:${name}`] : [],
        ),
      ]),
  };

  function personView(id: string, language: Language): Person {
    const person = config.people.find((one) => one.id === id);
    const posts = settings.plan.posts
      .filter((post) => config.posts[post.id]?.includes(id) || namedFor(config, post.id).includes(id))
      .map((post) => post.title[language]);
    const tiers = settings.plan.tiers
      .filter((tier) => config.tiers[String(tier.tier)]?.includes(id))
      .map((tier) => tier.title[language]);
    const roles = config.systems.flatMap((system) =>
      (['emergency-lead', 'system-owner', 'component-owner'] as const)
        .filter(
          (role) => system.approvers[role]?.holder === id || system.approvers[role]?.deputies.includes(id),
        )
        .map((role) => ROLE[role][language]),
    );
    const org = person?.org ?? '';
    return {
      id,
      name: person?.name ?? id,
      org,
      orgName: orgName(org),
      side: sideOf(config, org),
      posts: [...new Set([...posts, ...tiers, ...roles])],
    };
  }

  async function summaryOf(incident: Incident, reader: Reader): Promise<RoomSummary> {
    const plan = await desk.planOf(incident.pinned.planVersion);
    const over = incident.status === 'closed';
    return {
      id: incident.id,
      code: incident.code,
      title: incident.title,
      system: incident.system.name,
      kind: incident.kind,
      severity: incident.severity,
      proposed: incident.severity === null ? (incident.proposed?.severity ?? null) : null,
      status: incident.status,
      reportedAt: incident.moments.reported?.at ?? 0,
      urgent: over ? null : mostUrgent(clocksSeenBy(incident, plan, clock.now(), sidedOf(reader))),
      openApprovals: over ? 0 : incident.actions.filter((one) => one.status === 'proposed').length,
      pages: pagesFor(incident, reader),
    };
  }

  function pagesFor(incident: Incident, reader: Reader): readonly PageForReader[] {
    const zh = reader.language === 'zh';
    return incident.pages
      .filter((page) => page.status === 'open' && page.person === reader.person.id)
      .map((page) => ({
        id: page.id,
        because: term(BECAUSE, page.because, reader.language),
        acknowledgeBy: page.acknowledgeBy,
        buttons: [
          { label: zh ? '应答' : 'Acknowledge', command: 'ack', args: { page: page.id }, style: 'primary' },
          { label: zh ? '拒接…' : 'Decline…', command: 'decline', args: { page: page.id }, style: 'plain' },
        ],
      }));
  }

  async function roomOf(incident: Incident, reader: Reader): Promise<RoomView> {
    const { language } = reader;
    const asker = await askerOf(incident, reader);
    const { plan, directory } = asker;
    const all = clocks(incident, plan, clock.now());
    const seen = clocksSeenBy(incident, plan, clock.now(), sidedOf(reader));
    const last = incident.diagnoses.at(-1);
    const streams = streamsOf(reader);
    return {
      incident,
      clocks: seen,
      next: allowed(nextButtons(incident, reader.person.id, language), asker),
      posts: postsOf(incident, plan, directory, orgName, language),
      approvals: approvalsOf(incident),
      diagnosis: last ? { at: last.at, findings: last.findings } : null,
      reports: reportsOf(incident, all, namesIn(incident, nameOf), sidedOf(reader), language).map((one) => ({
        ...one,
        buttons: allowed(one.buttons, asker),
      })),
      privateStream: `org:${reader.person.org}`,
      streamTitles: Object.fromEntries(streams.map((stream) => [stream, streamTitle(stream, language)])),
    };

    function approvalsOf(one: Incident): readonly ApprovalView[] {
      const zh = language === 'zh';
      return one.actions
        .filter((action) => action.status === 'proposed' || action.status === 'approved')
        .map((action) => ({
          action: action.id,
          due: action.status === 'proposed' ? action.askedAt + plan.approval.minutes * 60_000 : null,
          buttons: allowed(
            action.status === 'proposed'
              ? [
                  {
                    label: zh ? '批准' : 'Approve',
                    command: 'approve',
                    args: { action: action.id },
                    style: 'primary' as const,
                  },
                  {
                    label: zh ? '驳回…' : 'Reject…',
                    command: 'reject',
                    args: { action: action.id },
                    style: 'plain' as const,
                  },
                ]
              : [
                  {
                    label: zh ? '成功' : 'Succeeded',
                    command: 'done',
                    args: { action: action.id, outcome: 'succeeded' },
                    style: 'primary' as const,
                  },
                  {
                    label: zh ? '失败…' : 'Failed…',
                    command: 'done',
                    args: { action: action.id, outcome: 'failed' },
                    style: 'danger' as const,
                  },
                ],
            asker,
          ),
          roles: action.content.requires.map((role) => {
            const given = action.approvals.find((approval) => approval.role === role || approval.breakGlass);
            const holder = directory.approvers[role]?.holder ?? null;
            return {
              role,
              title: ROLE[role][language],
              holder: holder === null ? null : nameOf(holder),
              approvedBy: given ? nameOf(given.person) : null,
              approvedAt: given?.at ?? null,
              breakGlass: given?.breakGlass ?? false,
            };
          }),
        }));
    }
  }

  function streamTitle(stream: string, language: Language): string {
    if (stream === 'joint') return { zh: '所有人', en: 'everyone' }[language];
    if (stream === 'customer+vendor') return { zh: '客户与我方', en: 'customer and us' }[language];
    const org = orgName(stream.slice('org:'.length));
    return { zh: `仅 ${org}`, en: `only ${org}` }[language];
  }

  function sidedOf(reader: Reader): NonNullable<Eyes> {
    const { org } = reader.person;
    return { org, side: config.organisations.find((one) => one.id === org)?.side ?? null };
  }

  /** Who may read what, decided by organisation: the joint stream, and the reader's own. */
  function streamsOf({ person }: Reader): readonly string[] {
    return visibleTo(person.org, person.side);
  }

  /** Newest activity first. Where most incidents are others', the reader's open ones are looked for among all. */
  async function listed(reader: Reader): Promise<readonly Incident[]> {
    const newest = await store.incidents({ limit: SHOWN_ROOMS });
    const open = reader.person.side === 'vendor' ? [] : await store.incidents({ openOnly: true });
    const known = new Set(newest.map((one) => one.id));
    return [...newest, ...open.filter((one) => !known.has(one.id))].filter((one) => mayRead(one, reader));
  }

  async function fileIn(incident: string, sha256: string, reader: Reader): Promise<TalkFile | null> {
    const talk = await store.talk(incident, streamsOf(reader));
    const gone = new Set(talk.filter((one) => one.kind === 'deleted').map((one) => one.message));
    const carrier = talk.find((one) => one.file?.sha256 === sha256 && !gone.has(one.message));
    return carrier?.file ?? null;
  }
}
