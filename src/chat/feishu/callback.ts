import { plainText } from '../message.ts';
import type { Inbound, Reply } from '../port.ts';
import type { Asker } from './answer.ts';
import { filledIn } from './form.ts';
import type { HearDeps, Origin } from './hear.ts';
import { type Pressed, pressed } from './payloads.ts';
import { readPress } from './press.ts';

export interface CallbackDeps extends HearDeps {
  readonly baseOf: (
    origin: Origin,
    id: string,
  ) => Omit<Extract<Inbound, { kind: 'action' }>, 'kind' | 'command' | 'args'>;
  readonly askerOf: (origin: Origin) => Asker;
  readonly give: (asker: Asker, reply: Reply) => void;
  readonly lane: (name: string, work: () => Promise<void>) => Promise<void>;
}

/** …/feishu-cards/card-callback-communication, "Response": shown for a moment at the top of the reader's screen. */
export interface Toast {
  readonly toast: { readonly type: 'info' | 'success' | 'warning'; readonly content: string };
}

const KEPT = 2000;
const TOAST_LENGTH = 120;
const WAITING = Symbol('waiting');

/** Buttons and forms: asked and answered in one request, whoever repeats it. */
export function createCallbacks(deps: CallbackDeps): (data: unknown) => Promise<Toast | undefined> {
  const answered = new Map<string, Promise<Toast>>();

  return async (data) => {
    const read = pressed.safeParse(data);
    if (!read.success || read.data.app_id !== deps.appId) return undefined;
    const { event_id: id } = read.data;
    const known = answered.get(id);
    if (known !== undefined) return known;
    const answer = respond(read.data).catch((error: unknown) => {
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

  async function respond(event: Pressed): Promise<Toast> {
    const speaker = await deps.people.speaker(event.operator.open_id);
    const { language } = speaker;
    const press = await readPress(event.action.value, deps.recall);
    if (!press) return toast('warning', STALE[language]);
    const { open_chat_id: chat, open_message_id: message } = event.context;
    // An answer among others is shown to its asker alone, or in their own conversation with the bot.
    const about = press.place ?? chat;
    const origin: Origin = {
      tenant: event.tenant_key,
      chat: about,
      direct: false,
      at: deps.now(),
      incident: press.incident,
      speaker,
    };
    const asker: Asker = { ...deps.askerOf(origin), chat, direct: chat !== about, about };
    const args = { ...press.args, ...filledIn(event.action.form_value) };
    const isForm = event.action.form_value != null;
    const reply = await act(origin, asker, event.event_id, press.command, args);
    if (reply === WAITING) return toast('info', BUSY[language]);
    // A form that is asked again says what was wrong with the first one.
    if (isForm) deps.later('a form', deps.answers.close(message));
    const words = reply.toAsker ? plainText(reply.toAsker.headline) : '';
    if (reply.toAsker && reply.toAsker.blocks.length === 0 && words.length <= TOAST_LENGTH) {
      deps.give(asker, { ...reply, toAsker: null });
      return toast(reply.toAsker.tone === 'good' ? 'success' : 'info', words);
    }
    deps.give(asker, reply);
    return toast('info', reply.toAsker || reply.form ? BELOW[language] : DONE[language]);
  }

  /** In the order of its conversation; what takes longer than Feishu waits is answered afterwards. */
  async function act(
    origin: Origin,
    asker: Asker,
    id: string,
    command: string,
    args: Readonly<Record<string, string>>,
  ): Promise<Reply | typeof WAITING> {
    let late = false;
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<typeof WAITING>((resolve) => {
      timer = setTimeout(() => {
        late = true;
        resolve(WAITING);
      }, deps.patienceMs);
    });
    const done = new Promise<Reply>((resolve, reject) => {
      const turn = deps.lane(`act:${origin.chat}`, async () => {
        const reply = await deps.receive({ ...deps.baseOf(origin, id), kind: 'action', command, args });
        if (late) deps.give(asker, reply);
        resolve(reply);
      });
      turn.catch(reject);
    });
    deps.later(
      'a button',
      done.then(() => {}),
    );
    const first = await Promise.race([done, tooLong]).finally(() => clearTimeout(timer));
    return first;
  }
}

function toast(type: Toast['toast']['type'], content: string): Toast {
  return { toast: { type, content } };
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
