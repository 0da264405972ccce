import type { Intake, IntakeDeps, Origin } from './intake.ts';
import { filledIn } from './modal.ts';
import { actionsBody, commandBody, globalShortcutBody, shortcutBody, submissionBody } from './payloads.ts';
import { readPress } from './press.ts';

/** Slash commands, buttons, forms and shortcuts: what people do on purpose, in the order in which they do it. */
export function createInteract(deps: IntakeDeps, intake: Intake) {
  const { once, lane, askerOf, decode, base, take, act, pinArgs } = intake;

  /**
   * Commands and presses of a channel in their order, apart from its talk: behind the fetching of a large file
   * they would outlive the three seconds in which a form may be opened.
   */
  const inTurn = (id: string, channel: string, work: () => Promise<void>): Promise<void> =>
    once(id, () => lane(`act:${channel}`, work));

  /** Where no conversation is named, the answer goes into the direct messages with the bot. */
  async function fromAnywhere(body: {
    readonly user: { readonly id: string };
    readonly trigger_id: string;
    readonly callback_id: string;
  }): Promise<void> {
    const { user, trigger_id: trigger, callback_id: command } = body;
    await once(`trigger:${trigger}`, async () => {
      const opened = await deps.client.conversations.open({ users: user.id });
      const channel = opened.channel?.id;
      if (channel === undefined) return;
      const at = deps.now();
      const origin: Origin = { channel, user: user.id, thread: null, trigger, incident: null, at };
      await act(origin, trigger, command, {});
    });
  }

  return {
    async command(body: unknown): Promise<void> {
      const read = commandBody.safeParse(body);
      if (!read.success) return deps.refused(body);
      const { channel_id: channel, user_id: user, trigger_id: id } = read.data;
      const origin: Origin = { channel, user, thread: null, trigger: id, incident: null, at: deps.now() };
      await inTurn(`trigger:${id}`, channel, async () => {
        const speaker = await deps.people.speaker(user);
        const text = `/incident ${await decode(read.data.text)}`;
        await take(
          { ...base(origin, speaker, id), kind: 'text', messageId: id, text },
          askerOf(origin, speaker),
        );
      });
    },

    async press(body: unknown): Promise<void> {
      const read = actionsBody.safeParse(body);
      if (!read.success) return deps.refused(body);
      const { actions, user, trigger_id: trigger, channel, container } = read.data;
      const conversation = channel?.id ?? container?.channel_id;
      const value = actions[0]?.value;
      if (conversation === undefined || value === undefined) return;
      await inTurn(`trigger:${trigger}`, conversation, async () => {
        const press = await readPress(value, deps.recall);
        const speaker = await deps.people.speaker(user.id);
        const origin: Origin = {
          channel: conversation,
          user: user.id,
          thread: container?.thread_ts ?? null,
          trigger,
          incident: press?.incident ?? null,
          at: deps.now(),
        };
        if (!press) return deps.sender.tell(askerOf(origin, speaker), stale(speaker.language));
        if (press.form) return deps.sender.open(askerOf(origin, speaker), press.form);
        await act(origin, trigger, press.command, press.args);
      });
    },

    async submit(body: unknown): Promise<void> {
      const read = submissionBody.safeParse(body);
      if (!read.success) return deps.refused(body);
      const { view, user, trigger_id: trigger } = read.data;
      const press = await readPress(view.private_metadata, deps.recall);
      if (press?.channel == null) return;
      const origin: Origin = {
        channel: press.channel,
        user: user.id,
        thread: press.thread,
        trigger,
        incident: press.incident,
        at: deps.now(),
      };
      // One view is submitted once, whatever the delivery is called.
      await inTurn(`view:${view.id}`, press.channel, () =>
        act(origin, `view:${view.id}`, press.command, { ...press.args, ...filledIn(view.state) }),
      );
    },

    /** "Diagnose this message" and "add to the timeline"; the callback id is the command. */
    async shortcut(body: unknown): Promise<void> {
      const anywhere = globalShortcutBody.safeParse(body);
      if (anywhere.success) return fromAnywhere(anywhere.data);
      const read = shortcutBody.safeParse(body);
      if (!read.success) return deps.refused(body);
      const { channel, message, user, trigger_id: trigger, callback_id: command } = read.data;
      const origin: Origin = {
        channel: channel.id,
        user: user.id,
        thread: message.thread_ts ?? null,
        trigger,
        incident: null,
        at: deps.now(),
      };
      await inTurn(`trigger:${trigger}`, channel.id, async () => {
        const author = message.user ? (await deps.people.speaker(message.user)).actor : null;
        await act(origin, trigger, command, await pinArgs(channel.id, message.ts, message.text, author));
      });
    },
  };
}

function stale(language: 'zh' | 'en') {
  const headline = {
    zh: '这个按钮已失效：请用最新的卡片，或输入命令',
    en: 'This button is out of date: use the newest card, or type the command',
  }[language];
  return { headline, blocks: [], tone: 'warn', card: null } as const;
}
