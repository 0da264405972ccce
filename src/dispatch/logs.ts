import { createHash } from 'node:crypto';
import type { Call, ChatCommand } from '../../commands/command.ts';
import type { Inbound, Reply } from '../chat/port.ts';
import type { CommandBody } from '../incident/commands.ts';
import type { Incident } from '../incident/state.ts';
import { refusalMessage } from '../words/refusal.ts';
import { logFactsAdded, NOTHING, noRoom, tell } from './answers.ts';
import { answer, commandOf, inboundKey, NOW } from './command.ts';
import type { DispatchDeps, Progress } from './deps.ts';
import type { Examined } from './examine.ts';
import { logFactsOf } from './log-facts.ts';
import type { Talk } from './talk.ts';

/** What the room shows of a paste that could not be read. */
const UNREAD_SHOWN = 2000;

/** Logs: pasted as talk, given to the command, dropped as a file; read, put down masked, diagnosed. */
export function createLogs(deps: DispatchDeps, talk: Talk) {
  async function pasted(inbound: Extract<Inbound, { kind: 'text' }>, incident: Incident): Promise<Reply> {
    const log = { name: null, sha256: sha256Of(inbound.text), message: inbound.messageId };
    return diagnosed(await read(inbound.text, inbound, incident, log.message), log, inbound, incident);
  }

  async function fileDropped(
    inbound: Extract<Inbound, { kind: 'file' }>,
    incident: Incident | null,
  ): Promise<Reply> {
    if (!incident) return tell(noRoom(inbound.language));
    // What a file is called is told and kept like any other words.
    const name = deps.mask(inbound.name);
    const log = { name, message: inbound.messageId, sha256: sha256Of(inbound.bytes) };
    const size = `${Math.ceil(inbound.bytes.byteLength / 1024)} KiB · sha256 ${log.sha256.slice(0, 12)}`;
    const examined = await (await deps.examine(incident)).file(
      { name: inbound.name, bytes: inbound.bytes },
      told(inbound, incident, log),
    );
    await talk.put(inbound, incident, {
      kind: 'said',
      message: inbound.messageId,
      text: `📎 ${name} (${size})${examined.ok ? `\n${examined.found.excerpt}` : ''}`,
      form: examined.ok ? 'log' : 'text',
    });
    return diagnosed(examined, log, inbound, incident);
  }

  async function asked(text: string, inbound: Inbound, incident: Incident): Promise<Reply> {
    const log = { name: null, message: deps.newId(), sha256: sha256Of(text) };
    const examined = await read(text, inbound, incident, log.message);
    const shown = examined.ok ? examined.found.excerpt : text.slice(0, UNREAD_SHOWN);
    await talk.put(inbound, incident, { kind: 'said', message: log.message, text: shown, form: 'log' });
    return diagnosed(examined, log, inbound, incident);
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
    log: { readonly name: string | null; readonly message: string; readonly sha256: string },
    inbound: Inbound,
    incident: Incident,
  ): Promise<Reply> {
    if (!examined.ok)
      return tell({ headline: examined.why[inbound.language], blocks: [], tone: 'warn', card: null });
    const { found } = examined;
    const body: CommandBody = {
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
      similar: await deps.similar(found.words, incident),
      words: found.words,
    };
    const handled = await deps.handle(
      incident.id,
      { ...commandOf(body, NOW, inbound, deps.mask), sources: [log.message] },
      `${inboundKey(inbound)}:log`,
    );
    if (handled.ok)
      return found.chart
        ? { ...NOTHING, attachments: [deps.picture(incident, found.chart, inbound.language)] }
        : NOTHING;
    return tell(refusalMessage(handled.refusal, inbound.language, (await deps.plan(null)).zone));
  }

  return { pasted, fileDropped, asked, addLogFacts };
}

function sha256Of(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
