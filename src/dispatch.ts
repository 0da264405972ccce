import { createHash } from 'node:crypto';
import type { Call, ChatCommand, Intake, OnCall, Outcome } from '../commands/command.ts';
import { COMMANDS, commandNamed, nearest } from '../commands/index.ts';
import { readLine } from '../commands/line.ts';
import { understand } from '../commands/understand.ts';
import type { Form, Message } from './chat/message.ts';
import type { Inbound, Reply } from './chat/port.ts';
import type { Examination } from './examine.ts';
import type { Handle, Handled } from './handle.ts';
import type { Command, CommandBody, Refusal } from './incident/commands.ts';
import type { Directory } from './incident/directory.ts';
import type { AdvisedStep, Place } from './incident/events.ts';
import type { Language, Plan } from './incident/plan.ts';
import type { Incident } from './incident/state.ts';
import type { NewTalk, Store } from './store/port.ts';
import { refusalMessage } from './words/refusal.ts';
import { dayOf } from './words/time.ts';

export interface DispatchDeps {
  readonly store: Store;
  readonly handle: Handle;
  readonly now: () => number;
  readonly newId: () => string;
  readonly plan: (version: string | null) => Promise<Plan>;
  readonly directory: (system: string | null) => Directory;
  /** The registered system a text is about. */
  readonly system: (text: string) => {
    readonly id: string | null;
    readonly name: string | null;
    readonly remoteOnly: boolean;
    readonly specialTime: boolean;
  };
  readonly step: (name: string) => AdvisedStep | null;
  readonly onCall: (at: number) => readonly OnCall[];
  readonly examine: (text: string) => Examination;
  readonly looksLikeLog: (text: string) => boolean;
  readonly unpack: (
    name: string,
    bytes: Uint8Array,
  ) =>
    | { readonly ok: true; readonly text: string }
    | { readonly ok: false; readonly why: Readonly<Record<Language, string>> };
  readonly mask: (text: string) => string;
  readonly knowledgeVersion: string;
  /** Called after talk was stored, so that open pages hear of it. */
  readonly said: (incident: string) => void;
}

const NOTHING: Reply = { toAsker: null, form: null, incident: null };

/** The way of a message: what was typed or pressed becomes a command, talk, or an offered command. */
export function createDispatch(deps: DispatchDeps) {
  return async function receive(inbound: Inbound): Promise<Reply> {
    const incident =
      inbound.incident === null
        ? await ofPlace(inbound.place)
        : ((await deps.store.load(inbound.incident))?.incident ?? null);
    switch (inbound.kind) {
      case 'action': {
        const command = commandNamed(inbound.command);
        return command
          ? run(command, '', inbound.args, inbound, incident)
          : tell(unknownCommand(inbound.command, inbound.language));
      }
      case 'text':
        return hear(inbound, incident);
      case 'file':
        return fileDropped(inbound, incident);
      case 'edited':
        if (incident)
          await talk(inbound, incident, {
            kind: 'edited',
            message: inbound.messageId,
            text: inbound.text,
            form: 'text',
          });
        return NOTHING;
      case 'deleted':
        if (incident)
          await talk(inbound, incident, {
            kind: 'deleted',
            message: inbound.messageId,
            text: '',
            form: 'text',
          });
        return NOTHING;
      default: {
        const unknown: never = inbound;
        throw new Error(`unknown inbound ${JSON.stringify(unknown)}`);
      }
    }
  };

  async function hear(
    inbound: Extract<Inbound, { kind: 'text' }>,
    incident: Incident | null,
  ): Promise<Reply> {
    const line = readLine(inbound.text);
    if (line) {
      const command = commandNamed(line.word);
      if (!command) return tell(unknownCommand(line.word, inbound.language));
      // "协助 网络" and "疑似原因 …" carry meaning in the name itself.
      const named = ['主责', 'lead', '协助', 'assist', '疑似原因', 'suspect', '误报', 'false-alarm'].includes(
        line.word,
      );
      return run(command, named ? `${line.word} ${line.rest}`.trim() : line.rest, {}, inbound, incident);
    }
    if (!incident) return tell(noRoom(inbound.language));
    const log = !inbound.private && deps.looksLikeLog(inbound.text);
    await talk(inbound, incident, {
      kind: 'said',
      message: inbound.messageId,
      text: inbound.text,
      form: log ? 'log' : 'text',
    });
    if (log) return diagnose(inbound.text, null, inbound, incident, inbound.messageId);
    const offered = understand(inbound.text, incident, inbound.language);
    if (!offered) return NOTHING;
    const headline = { zh: '听起来是：', en: 'That sounds like: ' }[inbound.language] + offered.label;
    return tell({ headline, blocks: [{ block: 'buttons', buttons: [offered] }], tone: 'plain', card: null });
  }

  async function fileDropped(
    inbound: Extract<Inbound, { kind: 'file' }>,
    incident: Incident | null,
  ): Promise<Reply> {
    if (!incident) return tell(noRoom(inbound.language));
    const read = deps.unpack(inbound.name, inbound.bytes);
    const sha256 = createHash('sha256').update(inbound.bytes).digest('hex');
    const size = `${Math.ceil(inbound.bytes.byteLength / 1024)} KiB · sha256 ${sha256.slice(0, 12)}`;
    if (!read.ok) {
      await talk(inbound, incident, {
        kind: 'said',
        message: inbound.messageId,
        text: `📎 ${inbound.name} (${size})`,
        form: 'text',
      });
      return tell({ headline: read.why[inbound.language], blocks: [], tone: 'warn', card: null });
    }
    const shown = excerpt(read.text);
    await talk(inbound, incident, {
      kind: 'said',
      message: inbound.messageId,
      text: `📎 ${inbound.name} (${size})\n${shown}`,
      form: 'log',
    });
    return diagnose(read.text, inbound.name, inbound, incident, inbound.messageId, sha256);
  }

  async function run(
    command: ChatCommand,
    text: string,
    args: Readonly<Record<string, string>>,
    inbound: Inbound,
    incident: Incident | null,
  ): Promise<Reply> {
    if (command.needsIncident && !incident) return tell(noRoom(inbound.language));
    if (command.name === 'help') return tell(help(inbound.language));
    const call: Call = {
      text,
      args,
      author: inbound.author,
      incident,
      now: deps.now(),
      language: inbound.language,
      plan: await deps.plan(incident?.pinned.planVersion ?? null),
      directory: deps.directory(incident?.system.id ?? null),
      step: deps.step,
      onCall: deps.onCall,
    };
    return carry(command, call, command.run(call), inbound, incident);
  }

  async function carry(
    command: ChatCommand,
    call: Call,
    outcome: Outcome,
    inbound: Inbound,
    incident: Incident | null,
  ): Promise<Reply> {
    switch (outcome.kind) {
      case 'show':
        return tell(outcome.message);
      case 'ask':
        return { ...NOTHING, form: outcome.form };
      case 'open':
        return open(outcome.intake, outcome, call, inbound);
      case 'diagnose':
        if (!incident) return tell(noRoom(inbound.language));
        return diagnose(outcome.text, null, inbound, incident, deps.newId(), undefined, true);
      case 'do':
        if (!incident) return tell(noRoom(inbound.language));
        return answer(
          await deps.handle(incident.id, commandOf(outcome.command, outcome, inbound), inboundKey(inbound)),
          command,
          call,
        );
      case 'merge':
        return merge(outcome.into, outcome.reason, inbound, incident, command, call);
      case 'link':
        return link(outcome.to, inbound, incident, command, call);
      default: {
        const unknown: never = outcome;
        throw new Error(`unknown outcome ${JSON.stringify(unknown)}`);
      }
    }
  }

  async function open(
    intake: Intake,
    when: { readonly at: number | null; readonly backdateReason: string | null },
    call: Call,
    inbound: Inbound,
  ): Promise<Reply> {
    const now = deps.now();
    const day = dayOf(now, call.plan.zone).replaceAll('-', '');
    const number = await deps.store.nextNumber(day);
    const found = deps.system(`${intake.system ?? ''} ${intake.title}`);
    const id = deps.newId();
    const web: Place = {
      platform: 'web',
      workspace: 'local',
      conversation: id,
      language: inbound.language,
      org: inbound.author.org,
    };
    const place = inbound.place.platform === 'web' ? web : inbound.place;
    const body: CommandBody = {
      type: 'report',
      code: `INC-${day}-${String(number).padStart(2, '0')}`,
      kind: intake.kind,
      title: deps.mask(intake.title),
      system: { id: found.id, name: intake.system ?? found.name },
      intake: {
        channel: intake.channel,
        caller: intake.caller,
        number: intake.number,
        organisation: intake.organisation,
        since: intake.since,
      },
      systemDown: intake.systemDown,
      specialTime: found.specialTime,
      remoteOnly: intake.remoteOnly || found.remoteOnly,
      exceptional: intake.exceptional,
      place,
      knowledge: deps.knowledgeVersion,
    };
    const handled = await deps.handle(id, commandOf(body, when, inbound), inboundKey(inbound));
    if (!handled.ok) return refused(handled.refusal, call, 'open');
    if (place !== web) await deps.handle(id, commandOf({ type: 'open-room', place: web }, NOW, inbound));
    return { ...NOTHING, incident: handled.duplicate ? null : id };
  }

  async function diagnose(
    text: string,
    name: string | null,
    inbound: Inbound,
    incident: Incident,
    message: string,
    sha256?: string,
    asked = false,
  ): Promise<Reply> {
    const found = deps.examine(text);
    if (asked) await talk(inbound, incident, { kind: 'said', message, text: excerpt(text), form: 'log' });
    const body: CommandBody = {
      type: 'paste-log',
      excerpt: message,
      lines: found.lines,
      name,
      sha256: sha256 ?? createHash('sha256').update(text).digest('hex'),
      masked: found.masked,
      findings: found.findings,
      signature: found.signature,
    };
    const handled = await deps.handle(
      incident.id,
      { ...commandOf(body, NOW, inbound), sources: [message] },
      `${inboundKey(inbound)}:log`,
    );
    return handled.ok
      ? NOTHING
      : tell(refusalMessage(handled.refusal, inbound.language, (await deps.plan(null)).zone));
  }

  /** Both rooms say so: the one that ends, and the one that goes on. */
  async function merge(
    into: string,
    reason: string,
    inbound: Inbound,
    incident: Incident | null,
    command: ChatCommand,
    call: Call,
  ): Promise<Reply> {
    const target = await byCode(into);
    if (!incident || !target || target.id === incident.id) return tell(noSuchCode(into, inbound.language));
    const closed = await deps.handle(
      incident.id,
      commandOf({ type: 'close', as: 'merged', into: target.code, reason }, NOW, inbound),
      inboundKey(inbound),
    );
    if (closed.ok)
      await deps.handle(
        target.id,
        commandOf({ type: 'link', to: incident.code, relation: 'merged-from' }, NOW, inbound),
      );
    return answer(closed, command, call);
  }

  async function link(
    to: string,
    inbound: Inbound,
    incident: Incident | null,
    command: ChatCommand,
    call: Call,
  ): Promise<Reply> {
    const target = await byCode(to);
    if (!incident || !target || target.id === incident.id) return tell(noSuchCode(to, inbound.language));
    const linked = await deps.handle(
      incident.id,
      commandOf({ type: 'link', to: target.code, relation: 'related' }, NOW, inbound),
      inboundKey(inbound),
    );
    if (linked.ok)
      await deps.handle(
        target.id,
        commandOf({ type: 'link', to: incident.code, relation: 'related' }, NOW, inbound),
      );
    return answer(linked, command, call);
  }

  /** A chat channel is the room of the newest incident that lives in it and is not closed; the web names its incident itself. */
  async function ofPlace(place: Place): Promise<Incident | null> {
    if (place.platform === 'web') return null;
    const latest = await deps.store.incidents({ limit: 500 });
    const here = (one: Place): boolean =>
      one.platform === place.platform &&
      one.workspace === place.workspace &&
      one.conversation === place.conversation;
    return latest.find((incident) => incident.status !== 'closed' && incident.places.some(here)) ?? null;
  }

  async function byCode(code: string): Promise<Incident | null> {
    const wanted = code.trim().toUpperCase();
    return (await deps.store.incidents()).find((one) => one.code === wanted) ?? null;
  }

  function commandOf(
    body: CommandBody,
    when: { readonly at: number | null; readonly backdateReason: string | null },
    inbound: Inbound,
  ): Command {
    const source = inbound.kind === 'text' || inbound.kind === 'file' ? [inbound.messageId] : [];
    return {
      by: inbound.author,
      at: when.at,
      backdateReason: when.backdateReason,
      sources: source,
      body: maskBody(body, deps.mask),
    };
  }

  async function talk(
    inbound: Inbound,
    incident: Incident,
    entry: Pick<NewTalk, 'kind' | 'message' | 'text' | 'form'>,
  ): Promise<void> {
    const secret = inbound.kind === 'text' && inbound.private;
    await deps.store.say([
      {
        incident: incident.id,
        stream: secret ? `org:${inbound.author.org}` : 'joint',
        author: inbound.author,
        occurred: inbound.at,
        recorded: deps.now(),
        platform: inbound.place.platform,
        ...entry,
        text: deps.mask(entry.text),
      },
    ]);
    deps.said(incident.id);
  }

  function answer(handled: Handled, command: ChatCommand, call: Call): Reply {
    if (handled.ok) return NOTHING;
    return refused(handled.refusal, call, command.name);
  }

  /** A refusal that only lacks a reason asks for it, with everything else kept. */
  function refused(refusal: Refusal, call: Call, command: string): Reply {
    const message = refusalMessage(refusal, call.language, call.plan.zone);
    const asks = ['backdate-reason-missing', 'reason-missing', 'unqualified'].includes(refusal.code);
    return asks ? { ...NOTHING, form: reasonForm(command, call, message) } : tell(message);
  }
}

const NOW = { at: null, backdateReason: null } as const;

function inboundKey(inbound: Inbound): string {
  return `${inbound.place.platform}:${inbound.id}`;
}

/** Free text inside a command is masked like talk: a secret typed into a reason is still a secret. */
function maskBody(body: CommandBody, mask: (text: string) => string): CommandBody {
  if (body.type === 'paste-log') return body;
  return maskValue(body, mask);
}

function maskValue<T>(value: T, mask: (text: string) => string): T {
  const masked = JSON.parse(JSON.stringify(value), (_key, one: unknown) =>
    typeof one === 'string' ? mask(one) : one,
  );
  return masked;
}

/** What the room shows of a pasted file: its beginning and end; the finding names line numbers of the whole. */
function excerpt(text: string): string {
  const lines = text.split('\n');
  if (lines.length <= 120 && text.length <= 20_000) return text;
  const cut = (part: readonly string[]): string => part.map((one) => one.slice(0, 400)).join('\n');
  return `${cut(lines.slice(0, 80))}\n… ${lines.length} …\n${cut(lines.slice(-20))}`;
}

function tell(message: Message): Reply {
  return { ...NOTHING, toAsker: message };
}

function reasonForm(command: string, call: Call, message: Message): Form {
  const zh = call.language === 'zh';
  const typed: Record<string, string> = call.text ? { text: call.text } : {};
  if (call.text && ['arrive', 'contact', 'restore', 'resolve', 'dispatch', 'deliver'].includes(command))
    typed.at = call.text;
  if (call.text && command === 'severity') typed.level = call.text;
  if (call.text && command === 'page') typed.who = call.text;
  return {
    title:
      typeof message.headline === 'string' ? message.headline : zh ? '请写明原因' : 'Please give a reason',
    command,
    args: { ...typed, ...call.args },
    fields: [
      {
        name: 'reason',
        label: zh ? '原因（进入报告）' : 'Reason (goes into the report)',
        type: 'paragraph',
        required: true,
      },
    ],
    submit: zh ? '确定' : 'OK',
  };
}

function unknownCommand(word: string, language: Language): Message {
  const close = nearest(word);
  const headline = language === 'zh' ? `没有“${word}”这个命令。` : `There is no command "${word}".`;
  const hint =
    language === 'zh'
      ? close.length > 0
        ? `您是否要：${close.join('、')}？`
        : '全部命令：/应急 帮助'
      : close.length > 0
        ? `Did you mean: ${close.join(', ')}?`
        : 'All commands: /incident help';
  return {
    headline: `${headline}${language === 'zh' ? '' : ' '}${hint}`,
    blocks: [],
    tone: 'warn',
    card: null,
  };
}

function noRoom(language: Language): Message {
  return {
    headline:
      language === 'zh'
        ? '这里还没有事件。开启一个：/应急 开启 发生了什么'
        : 'No incident here yet. Open one: /incident open WHAT HAPPENED',
    blocks: [],
    tone: 'warn',
    card: null,
  };
}

function noSuchCode(code: string, language: Language): Message {
  return {
    headline:
      language === 'zh'
        ? `没有事件“${code}”，编号形如 INC-20261124-01。`
        : `There is no incident "${code}"; a code looks like INC-20261124-01.`,
    blocks: [],
    tone: 'warn',
    card: null,
  };
}

function help(language: Language): Message {
  const items = COMMANDS.map((one) => `${one.usage[language]}　${one.about[language]}`);
  return {
    headline:
      language === 'zh'
        ? '命令前加 /应急 或 /incident；粘贴日志、拖入文件会自动识别'
        : 'Put /incident or /应急 before a command; a pasted log or dropped file is recognised by itself',
    blocks: [{ block: 'list', ordered: false, items }],
    tone: 'plain',
    card: null,
  };
}
