import { type Message, plainText } from '../chat/message.ts';
import type { Receipt } from '../chat/port.ts';
import type { Call, Sent } from '../contact/port.ts';
import type { Delivery, DocumentKind, Place } from '../incident/events.ts';
import { type Incident, isOver, type Page } from '../incident/state.ts';
import { type Contact, type Person, routeOf } from '../roster/schema.ts';
import type { OutboxResult, OutboxRow } from '../store/port.ts';
import { wordsOf } from './announce/page.ts';
import { payRoom, type RoomDeps } from './pay-room.ts';
import { type Payload, payloadSchema } from './payload.ts';

/** How often a row is tried before a person has to look: about a day with the engine's back-off. */
const MOST_ATTEMPTS = 380;

export interface PayDeps extends Omit<RoomDeps, 'settle'> {
  readonly now: () => number;
  readonly person: (id: string) => Person | null;
  /** Says it in a place; a message with a card replaces the earlier one of that name. */
  readonly post: (
    place: Place,
    message: Message,
    row: { readonly incident: string; readonly key: string },
    /** For the customer and us alone, where one place holds the talk of all. */
    shared: boolean,
  ) => Promise<Receipt>;
  /** Tells a place what was said elsewhere, one message a time. */
  readonly relay: (row: OutboxRow, relaying: Relaying) => Promise<OutboxResult>;
  readonly contact: (contact: Contact, call: Call) => Promise<Sent>;
  /** A platform took a page and may say more of it later, under the page's id or one of its own. */
  readonly taken: (route: string, messageId: string | undefined, page: PageRef) => Promise<void>;
  /** The methods that may be used for this incident now, in the person's order. */
  readonly contactsFor: (person: Person, incident: Incident) => readonly Contact[];
  /** The ways that disturb nobody: chat, e-mail, and gateways that are marked for notices. */
  readonly noticeContacts: (person: Person) => readonly Contact[];
  /** Writes the receipt into the incident. */
  readonly receipt: (incident: string, page: string, delivery: Delivery) => Promise<void>;
  readonly pageWords: (
    incident: Incident,
    page: string,
    person: Person,
    possibleDuplicate: boolean,
  ) => PageWords;
  /** Sends a kept version of a document by e-mail. */
  readonly mail: (incident: Incident, mail: MailRef) => Promise<Sent>;
  /** Writes down what became of it. */
  readonly mailed: (
    incident: string,
    mail: MailRef,
    result: { readonly outcome: 'accepted' | 'failed' | 'exhausted'; readonly detail: string },
  ) => Promise<void>;
  /** What the customer is asked, with a fresh link to answer by. */
  readonly surveyWords: (incident: Incident, person: Person) => Promise<string>;
  readonly retryDelay: (attempts: number) => number;
}

interface Relaying {
  readonly incident: string;
  readonly place: Place;
  readonly late: boolean;
}

export interface MailRef {
  readonly document: DocumentKind;
  readonly organisation?: string | undefined;
  readonly version: number;
  readonly to: string;
}

export interface PageRef {
  readonly incident: string;
  readonly page: string;
}

export interface PageWords {
  readonly text: string;
  readonly words: Call['words'];
}

/** Pays one row out. Temporary failures come back as `retry`; a permanent one takes the next contact method. */
export async function pay(row: OutboxRow, given: PayDeps): Promise<OutboxResult> {
  const payload = payloadSchema.parse(JSON.parse(row.payload));
  // Read once a row: ten thousand pages in one second would notice the second time.
  const own = lazy(() => given.load(row.incident));
  const deps: PayDeps = { ...given, load: (id) => (id === row.incident ? own() : given.load(id)) };
  if (await isCutOff(row, payload, deps)) return { outcome: 'sent' };
  switch (payload.do) {
    case 'post': {
      const receipt = await deps.post(payload.place, payload.message, row, payload.shared ?? false);
      return receipt.ok ? { outcome: 'sent' } : settle(receipt, row, deps, receipt.error);
    }
    case 'page':
      return payPage(row, payload, deps);
    case 'note': {
      const { subject, text } = payload;
      const person = deps.person(payload.person);
      const contacts = person ? deps.noticeContacts(person) : [];
      // Whoever has no quiet way finds the note in the web room.
      if (contacts.length === 0) return { outcome: 'sent' };
      const words = { system: '', level: '', title: subject, until: '' };
      const call: Call = { incident: '', code: '', page: null, text, subject, words };
      const tried = await tryInOrder(call, contacts, deps);
      return tried.sent ? { outcome: 'sent' } : settle(tried, row, deps, tried.detail);
    }
    case 'tell': {
      const incident = await deps.load(row.incident);
      const person = deps.person(payload.person);
      if (!incident || !person) return { outcome: 'failed', error: `no person ${payload.person}` };
      const text = plainText(payload.message.headline);
      const tried = await tryInOrder(
        {
          incident: row.incident,
          code: incident.code,
          page: null,
          text,
          subject: text,
          words: wordsOf(incident),
        },
        deps.contactsFor(person, incident),
        deps,
      );
      return tried.sent ? { outcome: 'sent' } : settle(tried, row, deps, tried.detail);
    }
    case 'survey': {
      const incident = await deps.load(row.incident);
      const person = deps.person(payload.person);
      if (!incident || !person) return { outcome: 'failed', error: `no person ${payload.person}` };
      const text = await deps.surveyWords(incident, person);
      const call: Call = {
        incident: row.incident,
        code: incident.code,
        page: null,
        text,
        subject: `${incident.code} ${incident.title}`,
        words: wordsOf(incident),
      };
      const tried = await tryInOrder(call, deps.contactsFor(person, incident), deps);
      return tried.sent ? { outcome: 'sent' } : settle(tried, row, deps, tried.detail);
    }
    case 'mail':
      return payMail(row, payload, deps);
    case 'relay':
      return deps.relay(row, { ...payload, late: payload.late ?? false });
    case 'open-room':
    case 'invite':
    case 'topic':
    case 'archive':
      return payRoom(row, payload, {
        ...deps,
        settle: (failed, failing) => settle(failed, failing, deps, failed.error),
      });
    default: {
      const unknown: never = payload;
      throw new Error(`unknown payload ${JSON.stringify(unknown)}`);
    }
  }
}

function lazy<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

/**
 * Whether it is for a company that was removed, or for a conversation that was cut off, while the row waited:
 * nothing reaches them any more, however long ago it was said.
 */
async function isCutOff(row: OutboxRow, payload: Payload, deps: PayDeps): Promise<boolean> {
  if (row.incident === '') return false;
  const org =
    'person' in payload
      ? deps.person(payload.person)?.org
      : payload.do === 'post' && payload.place.platform !== 'web' && payload.last !== true
        ? payload.place.org
        : undefined;
  if (org === undefined) return false;
  const incident = await deps.load(row.incident);
  return incident?.organisations.some((one) => one.org === org && one.removedAt !== null) ?? false;
}

async function payMail(row: OutboxRow, mail: MailRef, deps: PayDeps): Promise<OutboxResult> {
  const incident = await deps.load(row.incident);
  if (!incident) return { outcome: 'failed', error: 'no such incident' };
  const sent = await deps.mail(incident, mail);
  if (sent.ok) {
    await deps.mailed(row.incident, mail, { outcome: 'accepted', detail: sent.detail });
    return { outcome: 'sent' };
  }
  const result = settle(sent, row, deps, sent.detail);
  // The room hears of the first failure and of the last; what lies between would only fill the record.
  if (result.outcome === 'failed')
    await deps.mailed(row.incident, mail, { outcome: 'exhausted', detail: sent.detail });
  else if (row.attempts <= 1)
    await deps.mailed(row.incident, mail, { outcome: 'failed', detail: sent.detail });
  return result;
}

/**
 * A page whose wait ended before it could go out is still owed: the person was never called. Not any more once
 * somebody answered, the same person is called anew, or the incident is over.
 */
function isOwed(incident: Incident, page: Page): boolean {
  if (page.status === 'open') return true;
  if (page.status !== 'timed-out' || isOver(incident)) return false;
  return !incident.pages.some(
    (other) =>
      (other.status === 'acknowledged' && (other.answeredAt ?? 0) >= page.pagedAt) ||
      (other.person === page.person && other.pagedAt > page.pagedAt),
  );
}

/** A page that nobody needs any more is dropped; every other one leaves a receipt, good or bad. */
async function payPage(
  row: OutboxRow,
  { page: id, person: to, without = [] }: Extract<Payload, { do: 'page' }>,
  deps: PayDeps,
): Promise<OutboxResult> {
  const incident = await deps.load(row.incident);
  const page = incident?.pages.find((one) => one.id === id);
  if (!incident || !page || !isOwed(incident, page)) return { outcome: 'sent' };
  const person = deps.person(to);
  // Since it fell due, however often it had to be tried.
  const lateMs = Math.max(0, deps.now() - page.pagedAt);
  if (!person) {
    await deps.receipt(row.incident, id, {
      method: '-',
      outcome: 'exhausted',
      detail: 'not on the roster',
      lateMs,
    });
    return { outcome: 'failed', error: `no person ${to}` };
  }
  const call: Call = {
    incident: row.incident,
    code: incident.code,
    page: id,
    ...deps.pageWords(incident, id, person, row.possibleDuplicate),
    subject: `${incident.code} ${incident.title}`,
  };
  // An outage is told once for each method; the retries that follow would only fill the record.
  const failed = async (method: string, detail: string): Promise<void> => {
    if (row.attempts > 1) return;
    await deps.receipt(row.incident, id, { method, outcome: 'failed', detail, lateMs });
  };
  const contacts = deps.contactsFor(person, incident).filter((one) => !without.includes(routeOf(one)));
  const tried = await tryInOrder(call, contacts, deps, failed);
  if (tried.sent) {
    await deps.taken(tried.method, tried.messageId, { incident: row.incident, page: id });
    const outcome = row.possibleDuplicate ? 'possible-duplicate' : 'accepted';
    await deps.receipt(row.incident, id, { method: tried.method, outcome, detail: tried.detail, lateMs });
    return { outcome: 'sent' };
  }
  if (tried.permanent) {
    await deps.receipt(row.incident, id, {
      method: tried.method,
      outcome: 'exhausted',
      detail: tried.detail,
      lateMs,
    });
  }
  return settle(tried, row, deps, tried.detail);
}

type Tried =
  | {
      readonly sent: true;
      readonly method: string;
      readonly detail: string;
      readonly messageId: string | undefined;
    }
  | {
      readonly sent: false;
      readonly method: string;
      readonly detail: string;
      readonly permanent: boolean;
      readonly retryAfterMs: number | null;
      readonly uncertain: boolean;
    };

async function tryInOrder(
  call: Call,
  contacts: readonly Contact[],
  deps: PayDeps,
  failed: (method: string, detail: string) => Promise<void> = async () => {},
): Promise<Tried> {
  let permanent = true;
  let retryAfterMs: number | null = null;
  let uncertain = false;
  let detail = 'no contact method';
  for (const contact of contacts) {
    const sent = await deps.contact(contact, call);
    const method = routeOf(contact);
    if (sent.ok) return { sent: true, method, detail: sent.detail, messageId: sent.messageId };
    permanent = permanent && sent.permanent;
    retryAfterMs = Math.max(retryAfterMs ?? 0, sent.retryAfterMs ?? 0) || null;
    uncertain = uncertain || (sent.uncertain ?? false);
    detail = sent.detail;
    await failed(method, sent.detail);
  }
  return {
    sent: false,
    method: contacts.map(routeOf).join('+') || '-',
    detail,
    permanent,
    retryAfterMs,
    uncertain,
  };
}

/** A failure that may pass is tried again, within reason. */
export function settle(
  failure: {
    readonly permanent: boolean;
    readonly retryAfterMs: number | null;
    readonly uncertain?: boolean | undefined;
  },
  row: OutboxRow,
  deps: Pick<PayDeps, 'now' | 'retryDelay'>,
  error: string,
): OutboxResult {
  if (failure.permanent || row.attempts >= MOST_ATTEMPTS) return { outcome: 'failed', error };
  const wait = Math.max(deps.retryDelay(row.attempts), failure.retryAfterMs ?? 0);
  return { outcome: 'retry', at: deps.now() + wait, error, uncertain: failure.uncertain };
}
