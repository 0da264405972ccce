import { plainText } from '../message.ts';
import { nameOf } from '../name.ts';
import type { Inbound, Reply } from '../port.ts';
import { CARD } from './card.ts';
import { dialogCard, formCard } from './form.ts';
import type { HearDeps, Origin } from './hear.ts';
import type { Base, CardAction, Invoked, MessageCommand } from './payloads.ts';
import { type Pressed, readPress } from './press.ts';
import type { Asker } from './sender.ts';
import { htmlText } from './text.ts';
import type { Answer } from './wire.ts';

export interface InvokeDeps extends HearDeps {
  readonly originOf: (activity: Base, incident?: string | null) => Promise<Origin>;
  readonly baseOf: (
    origin: Origin,
    id: string,
  ) => Omit<Extract<Inbound, { kind: 'action' }>, 'kind' | 'command' | 'args'>;
  readonly askerOf: (origin: Origin) => Asker;
  readonly give: (origin: Origin, reply: Reply) => Promise<void>;
  readonly lane: (name: string, work: () => Promise<void>) => Promise<void>;
}

const KEPT = 2000;
const WAITING = Symbol('waiting');

/** Buttons, forms, dialogs and the message menu: asked and answered in one request, whoever repeats it. */
export function createInvokes(deps: InvokeDeps): (invoke: Invoked) => Promise<Answer> {
  const answered = new Map<string, Promise<Answer>>();

  return (invoke) => {
    const id = keyOf(invoke);
    const known = answered.get(id);
    if (known !== undefined) return known;
    const answer = respond(invoke, id).catch((error: unknown) => {
      answered.delete(id);
      throw error;
    });
    answered.set(id, answer);
    for (const [oldest] of answered) {
      if (answered.size <= KEPT) break;
      answered.delete(oldest);
    }
    return answer;
  };

  async function respond(invoke: Invoked, id: string): Promise<Answer> {
    switch (invoke.name) {
      case 'adaptiveCard/action':
        return cardAction(invoke, id);
      case 'task/fetch': {
        const pressed = await readPress(invoke.value.data, deps.recall);
        const origin = await deps.originOf(invoke, pressed?.press.incident ?? null);
        if (!pressed?.press.form) return task(STALE[origin.speaker.language]);
        const place = { incident: pressed.press.incident, face: null, language: origin.speaker.language };
        return dialog(pressed.press.form, place);
      }
      case 'task/submit': {
        const pressed = await readPress(invoke.value.data, deps.recall);
        const origin = await deps.originOf(invoke, pressed?.press.incident ?? null);
        if (!pressed) return task(STALE[origin.speaker.language]);
        return finish(origin, id, pressed);
      }
      case 'composeExtension/fetchTask': {
        const origin = await deps.originOf(invoke);
        return afterDialog(origin, await act(origin, id, invoke.value.commandId, aboutMessage(invoke)));
      }
      default: {
        const unknown: never = invoke;
        throw new Error(`unknown invoke ${JSON.stringify(unknown)}`);
      }
    }
  }

  async function finish(origin: Origin, id: string, pressed: Pressed): Promise<Answer> {
    const { command, args } = pressed.press;
    return afterDialog(origin, await act(origin, id, command, { ...args, ...pressed.filled }));
  }

  async function afterDialog(origin: Origin, reply: Reply | typeof WAITING): Promise<Answer> {
    const { language } = origin.speaker;
    if (reply === WAITING) return task(BUSY[language]);
    if (reply.form) return dialog(reply.form, { incident: origin.incident, face: null, language });
    if (!reply.toAsker) return task(DONE[language]);
    if (reply.toAsker.blocks.length === 0) return task(plainText(reply.toAsker.headline));
    deps.later('an answer', deps.give(origin, reply));
    return task(BELOW[language]);
  }

  async function dialog(
    form: Parameters<typeof dialogCard>[0],
    place: Parameters<typeof dialogCard>[1],
  ): Promise<Answer> {
    const { card, notes } = dialogCard(form, place);
    await deps.sender.keep(notes);
    const title = form.title.slice(0, 60);
    const value = { title, height: 'medium', width: 'medium', card: { contentType: CARD, content: card } };
    return { status: 200, body: { task: { type: 'continue', value } } };
  }

  async function cardAction(invoke: CardAction, id: string): Promise<Answer> {
    const { verb, data } = invoke.value.action;
    const pressed = await readPress(data, deps.recall);
    const origin = await deps.originOf(invoke, pressed?.press.incident ?? null);
    const { language } = origin.speaker;
    if (!pressed) return text(STALE[language]);
    const { face, command, args } = pressed.press;
    const shown = face === null ? null : await deps.sender.faceFor(face, invoke.from.id);
    if (verb === 'refresh' || verb === 'back') {
      if (shown === 'another') return text(OTHERS[language]);
      return shown ? card(shown) : text(STALE[language]);
    }
    const reply = await act(origin, id, command, { ...args, ...pressed.filled });
    if (reply === WAITING) return text(BUSY[language]);
    if (reply.form) {
      const made = formCard(reply.form, { incident: origin.incident, face, language });
      await deps.sender.keep(made.notes);
      return card(made.card);
    }
    const form = verb === 'submit';
    // A form in a card's place gives it back; one that was a message of its own is closed.
    if (form && face === null && invoke.replyToId)
      deps.later(
        'a form',
        deps.sender.close(
          invoke.conversation.id,
          invoke.replyToId,
          SENT[language](origin.speaker.actor.name),
        ),
      );
    if (reply.toAsker && reply.toAsker.blocks.length > 0) {
      deps.later('an answer', deps.give(origin, reply));
      return text(BELOW[language]);
    }
    if (reply.toAsker) return text(plainText(reply.toAsker.headline));
    if (form && shown && shown !== 'another') return card(shown);
    return text(DONE[language]);
  }

  /** In the order of its conversation; what takes longer than Teams waits is answered afterwards. */
  async function act(
    origin: Origin,
    id: string,
    command: string,
    args: Readonly<Record<string, string>>,
  ): Promise<Reply | typeof WAITING> {
    const { id: conversation } = origin.activity.conversation;
    let late = false;
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<typeof WAITING>((resolve) => {
      timer = setTimeout(() => {
        late = true;
        resolve(WAITING);
      }, deps.patienceMs);
    });
    const done = new Promise<Reply>((resolve, reject) => {
      const turn = deps.lane(`act:${conversation}`, async () => {
        const reply = await deps.receive({ ...deps.baseOf(origin, id), kind: 'action', command, args });
        if (late) await deps.give(origin, reply);
        resolve(reply);
      });
      turn.catch(reject);
    });
    deps.later(
      'a button',
      done.then(() => {}),
    );
    const first = await Promise.race([done, tooLong]);
    clearTimeout(timer);
    return first;
  }

  function aboutMessage(invoke: MessageCommand): Readonly<Record<string, string>> {
    const { id, body, from, createdDateTime } = invoke.value.messagePayload;
    const content = body?.content ?? '';
    const said = createdDateTime ? Date.parse(createdDateTime) : Number.NaN;
    const user = from?.user;
    return {
      message: nameOf(invoke.conversation.id, id),
      text: body?.contentType === 'text' ? content : htmlText(content),
      ...(user ? { author: deps.people.named(user.id, user.displayName ?? null).name } : {}),
      ...(Number.isFinite(said) ? { saidAt: String(said) } : {}),
    };
  }
}

function keyOf(invoke: Invoked): string {
  if (invoke.id !== undefined) return `invoke:${invoke.conversation.id}:${invoke.id}`;
  return `invoke:${JSON.stringify([invoke.conversation.id, invoke.from.id, invoke.timestamp, invoke.value])}`;
}

/** …/universal-actions-for-adaptive-cards/work-with-universal-actions-for-adaptive-cards, "Response format". */
function text(value: string): Answer {
  const type = 'application/vnd.microsoft.activity.message';
  return { status: 200, body: { statusCode: 200, type, value } };
}
function card(value: unknown): Answer {
  return { status: 200, body: { statusCode: 200, type: CARD, value } };
}
/** …/task-modules-and-cards/task-modules/task-modules-bots, "Responding to task/fetch". */
function task(value: string): Answer {
  return { status: 200, body: { task: { type: 'message', value } } };
}

const STALE = {
  zh: '这个按钮已失效：请用最新的卡片，或输入命令',
  en: 'This button is out of date: use the newest card, or type the command',
};
const BUSY = {
  zh: '正在处理，结果稍后出现在会话里',
  en: 'Working on it; the result follows in the conversation',
};
const DONE = { zh: '✓ 已收到', en: '✓ Received' };
const BELOW = { zh: '答复见会话里的新卡片', en: 'The answer is a new card in the conversation' };
const OTHERS = { zh: '这条答复是给别人的', en: 'This answer is for somebody else' };
const SENT = {
  zh: (name: string) => `表单已由 ${name} 提交`,
  en: (name: string) => `The form was sent by ${name}`,
};
