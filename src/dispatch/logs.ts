import type { Call, ChatCommand } from '../../commands/command.ts';
import type { Inbound, Reply } from '../chat/port.ts';
import type { CommandBody, CommandOf, Refusal } from '../incident/commands.ts';
import type { Incident } from '../incident/state.ts';
import { isJoint, type Stream } from '../incident/visibility.ts';
import type { TalkFile } from '../store/port.ts';
import { refusalMessage } from '../words/refusal.ts';
import { logFactsAdded, NOTHING, tell } from './answers.ts';
import { answer, commandOf, inboundKey, NOW } from './command.ts';
import { type Crossed, heldLogs } from './crossing.ts';
import type { DispatchDeps, Progress } from './deps.ts';
import type { Examination, Examined } from './examine.ts';
import type { DroppedFile } from './file-type.ts';
import { fileLine, type Keep, sha256Of } from './keep.ts';
import { logFactsOf } from './log-facts.ts';
import { keptWithin, nothingHeld, previewMessage } from './preview.ts';
import { streamOfFile, type Talk } from './talk.ts';

/** What the room shows of a paste that could not be read. */
const UNREAD_SHOWN = 2000;

/** Logs: pasted as talk, given to the command, dropped as a file; read, put down masked, diagnosed. */
export function createLogs(deps: DispatchDeps & { readonly keep: Keep }, talk: Talk) {
  const held = heldLogs(deps.store);

  async function pasted(inbound: Extract<Inbound, { kind: 'text' }>, incident: Incident): Promise<Reply> {
    const log: Log = { name: null, sha256: sha256Of(inbound.text), message: inbound.messageId, whole: null };
    const text = deps.mask(inbound.text);
    const crossed = await deps.crossing.mask(incident, text);
    // Said at once, since a long one takes a while to read.
    const crosses = !holds(crossed, incident);
    if (crosses) await talk.put(inbound, incident, saidLog(log, crossed.text));
    const examined = await read(inbound.text, inbound, incident, log.message);
    return crosses
      ? diagnosed(examined, log, inbound, incident)
      : holdBack(text, crossed, examined, log, inbound, incident);
  }

  /** Where other companies read along, what the customer's rule takes out crosses only on its sender's word. */
  function holds(crossed: Crossed, incident: Incident): boolean {
    return crossed.hidden > 0 && isJoint(incident);
  }

  async function putDown(
    text: string,
    examined: Examined,
    log: Log,
    inbound: Inbound,
    incident: Incident,
  ): Promise<Reply> {
    const whole = log.whole === null ? null : await deps.crossing.mask(incident, log.whole);
    const crossed = await deps.crossing.mask(incident, text);
    const hidden = Math.max(crossed.hidden, whole?.hidden ?? 0);
    const chosen = inbound.kind === 'file' && streamOfFile(deps, inbound, incident) !== 'joint';
    if (chosen || holds({ ...crossed, hidden }, incident))
      return holdBack(text, { ...crossed, hidden }, examined, log, inbound, incident, whole?.text ?? null);
    const file = await kept(log, whole?.text ?? null);
    await talk.put(inbound, incident, {
      ...saidLog(log, crossed.text, examined.ok ? 'log' : 'text'),
      ...file,
    });
    return diagnosed(examined, log, inbound, incident);
  }

  async function holdBack(
    text: string,
    crossed: Crossed,
    examined: Examined,
    log: Log,
    inbound: Inbound,
    incident: Incident,
    /** The whole file as all may read it. */
    whole: string | null = null,
  ): Promise<Reply> {
    const own = await kept(log, log.whole);
    const chosen = inbound.kind === 'file' ? streamOfFile(deps, inbound, incident) : 'joint';
    const stream: Stream = chosen === 'joint' ? `org:${inbound.author.org}` : chosen;
    await talk.put(inbound, incident, { ...saidLog(log, text), ...own }, stream);
    if (!examined.ok) return unread(examined, inbound);
    const body = await readable(examined.found, log, incident);
    const crossing = await kept({ ...log, name: body.name }, whole);
    await held.hold(incident.id, log.message, {
      text: crossed.text,
      body,
      org: inbound.author.org,
      ...crossing,
    });
    const plan = await deps.plan(incident.pinned.planVersion);
    return tell(previewMessage(logBody(examined.found, log), crossed, plan, inbound, deps.now()));
  }

  /** What is put down of a log, in words that all may read. */
  async function readable(found: Examination, log: Log, incident: Incident): Promise<CommandOf<'paste-log'>> {
    const shown = await deps.crossing.examination(incident, found);
    const name = log.name === null ? null : (await deps.crossing.mask(incident, log.name)).text;
    return { ...logBody(shown, { ...log, name }), similar: await deps.similar(shown.words, incident) };
  }

  /** Its sender, or a colleague, lets it cross as it was shown; or keeps it. */
  async function share(message: string, keep: boolean, inbound: Inbound, incident: Incident): Promise<Reply> {
    const waiting = await held.of(incident.id, message);
    if (!waiting || waiting.org !== inbound.author.org) return tell(nothingHeld(inbound.language));
    if (keep) {
      await held.release(incident.id, message);
      return tell(keptWithin(inbound.language));
    }
    const excerpt = `shared-${message}`;
    const { text, file } = waiting;
    await talk.put(inbound, incident, { kind: 'said', message: excerpt, text, form: 'log', file });
    const handled = await deps.handle(
      incident.id,
      { ...commandOf({ ...waiting.body, excerpt }, NOW, inbound, deps.mask), sources: [excerpt] },
      `${inboundKey(inbound)}:log`,
    );
    if (!handled.ok) return refusedLog(handled.refusal, inbound);
    await held.release(incident.id, message);
    return NOTHING;
  }

  async function fileDropped(
    inbound: Extract<Inbound, { kind: 'file' }>,
    dropped: DroppedFile,
    incident: Incident,
  ): Promise<Reply> {
    // What a file is called is told and kept like any other words.
    const name = deps.mask(inbound.name);
    const log: Log = {
      name,
      message: inbound.messageId,
      sha256: sha256Of(inbound.bytes),
      whole: dropped.kind === 'text' ? deps.mask(dropped.text) : null,
    };
    const examined = await (await deps.examine(incident)).file(
      { name: inbound.name, bytes: inbound.bytes },
      told(inbound, incident, log),
    );
    const text = `${fileLine(name, inbound.bytes)}${examined.ok ? `\n${examined.found.excerpt}` : ''}`;
    return putDown(text, examined, log, inbound, incident);
  }

  async function asked(text: string, inbound: Inbound, incident: Incident): Promise<Reply> {
    const log: Log = { name: null, message: deps.newId(), sha256: sha256Of(text), whole: null };
    const examined = await read(text, inbound, incident, log.message);
    const shown = examined.ok ? examined.found.excerpt : deps.mask(text.slice(0, UNREAD_SHOWN));
    return putDown(shown, examined, log, inbound, incident);
  }

  async function addLogFacts(
    excerpt: string,
    zone: string | null,
    inbound: Inbound,
    incident: Incident,
    command: ChatCommand,
    call: Call,
  ): Promise<Reply> {
    const log = incident.diagnoses.find((one) => one.excerpt === excerpt);
    const pasted = (await deps.store.events(incident.id)).findLast(
      ({ body }) => body.type === 'LogPasted' && body.excerpt === excerpt,
    );
    const name = pasted?.body.type === 'LogPasted' ? pasted.body.name : null;
    const facts = logFactsOf(log?.findings ?? [], name, zone);
    const body: CommandBody = { type: 'add-log-facts', excerpt, zone, facts };
    const handled = await deps.handle(
      incident.id,
      { ...commandOf(body, NOW, inbound, deps.mask), sources: [excerpt] },
      inboundKey(inbound),
    );
    return handled.ok ? tell(logFactsAdded(facts, call.language)) : answer(handled, command, call);
  }

  function told(
    inbound: Inbound,
    incident: Incident,
    log: { readonly message: string; readonly name: string | null },
  ): Progress {
    return (done, total) =>
      deps.reading(incident, inbound, { message: log.message, name: log.name, done, total });
  }

  async function read(
    text: string,
    inbound: Inbound,
    incident: Incident,
    message: string,
  ): Promise<Examined> {
    const examine = await deps.examine(incident);
    return examine.text(text, told(inbound, incident, { message, name: null }));
  }

  async function diagnosed(
    examined: Examined,
    log: Log,
    inbound: Inbound,
    incident: Incident,
  ): Promise<Reply> {
    if (!examined.ok) return unread(examined, inbound);
    const { found } = examined;
    const body = await readable(found, log, incident);
    const handled = await deps.handle(
      incident.id,
      { ...commandOf(body, NOW, inbound, deps.mask), sources: [log.message] },
      `${inboundKey(inbound)}:log`,
    );
    if (handled.ok)
      return found.chart
        ? { ...NOTHING, attachments: [deps.picture(incident, found.chart, inbound.language)] }
        : NOTHING;
    return refusedLog(handled.refusal, inbound);
  }

  async function refusedLog(refusal: Refusal, inbound: Inbound): Promise<Reply> {
    return tell(refusalMessage(refusal, inbound.language, (await deps.plan(null)).zone));
  }

  /** Keeps the text of a file as it may be read where it is said. */
  async function kept(log: Log, text: string | null): Promise<{ readonly file?: TalkFile }> {
    if (text === null || log.name === null) return {};
    return { file: await deps.keep(log.name, 'text/plain; charset=utf-8', Buffer.from(text)) };
  }

  return { pasted, fileDropped, asked, addLogFacts, share };
}

interface Log {
  readonly name: string | null;
  readonly message: string;
  readonly sha256: string;
  /** All of a file's text, without secrets; null for what was pasted and for what was packed. */
  readonly whole: string | null;
}

function logBody(found: Examination, log: Log): CommandOf<'paste-log'> {
  return {
    type: 'paste-log',
    excerpt: log.message,
    lines: found.lines,
    name: log.name,
    sha256: log.sha256,
    masked: found.masked,
    findings: found.findings,
    signature: found.signature,
    chart: found.chart,
    telling: found.telling,
    capture: found.capture,
    words: found.words,
  };
}

function saidLog(log: Log, text: string, form: 'log' | 'text' = 'log') {
  return { kind: 'said', message: log.message, text, form } as const;
}

/** A picture or a document was handed over to be seen, and is: nothing about it went wrong. */
function unread(examined: Extract<Examined, { ok: false }>, inbound: Inbound): Reply {
  if (inbound.kind === 'file' && examined.noLog) return NOTHING;
  return tell({ headline: examined.why[inbound.language], blocks: [], tone: 'warn', card: null });
}
