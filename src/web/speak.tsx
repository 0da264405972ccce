import { createHash } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { readNote } from '../chat/note.ts';
import type { Inbound, Reply } from '../chat/port.ts';
import { ConfirmView, FormView, MessageView } from '../chat/web/render.tsx';
import type { Audience } from '../incident/visibility.ts';
import type { RoomView, WebDeps } from './deps.ts';
import { argsOf, field, tooLarge, UPLOAD_LIMIT } from './form.ts';
import { BarePage } from './pages/layout.tsx';
import { problem } from './problem.tsx';
import { ownMessage } from './talk.ts';
import { bytes } from './time.ts';
import { renderContext, roomPath, type Visit, type WebEnv } from './visit.ts';

type In = Context<WebEnv>;
type Dropped = Extract<Inbound, { kind: 'file' }>;
/** Longer text becomes a file: it is a paste, and a file is kept whole and diagnosed. */
const TEXT_LIMIT = 64 * 1024;

/** Everything that says or does something: typed text, files, pressed buttons, filled forms. */
export function speakRoutes(app: Hono<WebEnv>, deps: WebDeps): void {
  app.post('/say', async (c) => {
    const visit = c.get('visit');
    const text = field(c.get('form'), 'text')?.trim() ?? '';
    if (text === '') return problem(c, 400, visit.words.emptyMessage);
    if (tooLong(text)) return textTooLong(c, visit);
    // Here a line can only open an incident: whoever leaves the command out means that one.
    const line = text.startsWith('/') ? text : `/incident open ${text}`;
    return answer(c, visit, null, await deps.receive(textInbound(c, visit, null, { text: line })));
  });
  app.post('/act', async (c) => {
    const visit = c.get('visit');
    return act(c, visit, null);
  });
  app.post('/i/:id/act', (c) => inRoom(c, (visit, room) => act(c, visit, room)));
  app.post('/i/:id/say', (c) => inRoom(c, (visit, room) => say(c, visit, room)));
  app.post('/i/:id/delete', (c) =>
    inRoom(c, async (visit, room) => {
      const message = field(c.get('form'), 'message') ?? '';
      if (!ownMessage(await deps.talk(room.incident.id, visit.reader, null), message, visit.person.id))
        return problem(c, 403, visit.words.notYours);
      const base = inboundBase(c, visit, room.incident.id);
      return answer(c, visit, room, await deps.receive({ ...base, kind: 'deleted', messageId: message }));
    }),
  );

  async function inRoom(c: In, then: (visit: Visit, room: RoomView) => Promise<Response>): Promise<Response> {
    const visit = c.get('visit');
    const room = await deps.room(c.req.param('id') ?? '', visit.reader);
    return room === null ? problem(c, 404, visit.words.unknownRoom) : then(visit, room);
  }

  async function act(c: In, visit: Visit, room: RoomView | null): Promise<Response> {
    const form = c.get('form');
    const command = field(form, 'command');
    if (command === null || command === '') return problem(c, 400, visit.words.badFields);
    const args = argsOf(form);
    if (Object.values(args).some(tooLong)) return textTooLong(c, visit);
    const question = field(form, 'confirm');
    if (question !== null) return confirm(c, visit, room, { question, command, args });
    const base = inboundBase(c, visit, room?.incident.id ?? null);
    return answer(c, visit, room, await deps.receive({ ...base, kind: 'action', command, args }));
  }

  function confirm(
    c: In,
    visit: Visit,
    room: RoomView | null,
    asked: { question: string; command: string; args: Record<string, string> },
  ): Response | Promise<Response> {
    return dialog(
      c,
      visit,
      <ConfirmView
        title={visit.words.confirmTitle}
        question={asked.question}
        label={field(c.get('form'), 'label') ?? visit.words.confirm}
        command={asked.command}
        args={asked.args}
        context={renderContext(visit, actPath(room))}
      />,
    );
  }

  async function say(c: In, visit: Visit, room: RoomView): Promise<Response> {
    const form = c.get('form');
    const { id } = room.incident;
    const raw = (field(form, 'text') ?? '').replaceAll('\r\n', '\n');
    const note = readNote(raw.replace(/\s+$/, ''));
    const { text } = note;
    const chosen = audienceField.safeParse(field(form, 'audience') ?? 'joint');
    // A choice that cannot be read may have been a private one.
    if (!chosen.success) return problem(c, 400, visit.words.badFields);
    // What is typed says more than what was chosen before.
    const wanted = note.audience === 'joint' ? chosen.data : note.audience;
    const audience = wanted === 'joint' ? undefined : wanted;
    const files = form
      .getAll('file')
      .flatMap((one) => (typeof one === 'string' || one.size === 0 ? [] : [one]));
    const edit = field(form, 'edit') ?? '';
    if (text === '' && files.length === 0) return problem(c, 400, visit.words.emptyMessage);
    const heavy = files.find((file) => file.size > UPLOAD_LIMIT);
    if (heavy) return problem(c, 413, tooLarge(visit.words, heavy.size));

    if (edit !== '' && tooLong(text)) return textTooLong(c, visit);
    if (edit !== '') {
      if (!ownMessage(await deps.talk(id, visit.reader, null), edit, visit.person.id))
        return problem(c, 403, visit.words.notYours);
      const base = inboundBase(c, visit, id);
      return answer(c, visit, room, await deps.receive({ ...base, kind: 'edited', messageId: edit, text }));
    }

    const asked = field(form, 'replyTo') ?? '';
    // Words about what the reader cannot see are said all the same, and answer nothing.
    const replyTo =
      asked !== '' && (await deps.talk(id, visit.reader, null)).some((one) => one.message === asked)
        ? asked
        : undefined;
    const replies: Reply[] = [];
    if (text !== '') {
      const name = visit.words.pasteName(visit.times.clock(visit.now).replace(':', ''));
      replies.push(
        await deps.receive(
          tooLong(text)
            ? fileInbound(c, visit, id, { name, bytes: Buffer.from(text), audience, replyTo }, 'text')
            : textInbound(c, visit, id, { text, audience, replyTo }),
        ),
      );
    }
    for (const [index, file] of files.entries()) {
      const content = { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()), audience, replyTo };
      replies.push(await deps.receive(fileInbound(c, visit, id, content, String(index))));
    }
    const told = replies.find((reply) => reply.form !== null || reply.toAsker !== null);
    return answer(c, visit, room, told ?? replies[0] ?? { toAsker: null, form: null, incident: null });
  }

  function inboundBase(c: In, visit: Visit, incident: string | null, part = '') {
    const { person } = visit;
    return {
      id: deliveryId(c, visit, part) ?? deps.randomId(),
      place: {
        platform: 'web',
        workspace: 'local',
        conversation: incident ?? 'home',
        language: visit.language,
        org: person.org,
      },
      incident,
      author: { id: person.id, name: person.name, org: person.org },
      at: visit.now,
      language: visit.language,
    } as const;
  }

  function textInbound(
    c: In,
    visit: Visit,
    incident: string | null,
    said: {
      readonly text: string;
      readonly audience?: Audience | undefined;
      readonly replyTo?: string | undefined;
    },
  ): Inbound {
    const base = inboundBase(c, visit, incident, 'text');
    return { ...base, kind: 'text', messageId: `web-${base.id}`, ...said };
  }

  function fileInbound(
    c: In,
    visit: Visit,
    incident: string,
    { name, ...content }: Pick<Dropped, 'name' | 'bytes' | 'audience' | 'replyTo'>,
    part: string,
  ): Inbound {
    const base = inboundBase(c, visit, incident, `file-${part}`);
    return { ...base, kind: 'file', messageId: `web-${base.id}`, name: plainName(name), ...content };
  }
}

const audienceField = z.enum(['joint', 'shared', 'own']);

/** A browser that sends the same thing again after a broken line names it the same; it then acts once. */
function deliveryId(c: In, visit: Visit, part: string): string | null {
  const once = field(c.get('form'), 'once') ?? '';
  if (once === '') return null;
  return createHash('sha256').update(`${visit.session.key} ${once} ${part}`).digest('hex').slice(0, 32);
}

/** The last part of a path, without what would move or hide other text on a line. */
function plainName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const shown = last.replace(/[\p{Cc}\p{Cf}]/gu, '').trim();
  return shown === '' ? 'file' : shown.slice(0, 200);
}

function tooLong(text: string): boolean {
  return Buffer.byteLength(text) > TEXT_LIMIT;
}

function textTooLong(c: In, visit: Visit): Response | Promise<Response> {
  return problem(c, 413, visit.words.textTooLong(bytes(TEXT_LIMIT)));
}

function actPath(room: RoomView | null): string {
  return room === null ? '/act' : `${roomPath(room.incident.code)}/act`;
}

/** What the asker gets back: another page, a form in a dialog, a note that only the asker sees, or nothing. */
function answer(c: In, visit: Visit, room: RoomView | null, reply: Reply): Response | Promise<Response> {
  const live = c.req.header('hx-request') !== undefined;
  const context = renderContext(visit, actPath(room));
  if (reply.form !== null) return dialog(c, visit, <FormView form={reply.form} context={context} />);
  if (reply.toAsker !== null) {
    const note = (
      <div class="answer">
        <MessageView message={reply.toAsker} context={context} />
        <button type="button" class="mini dismiss" data-dismiss aria-label={visit.words.close}>
          ✕
        </button>
      </div>
    );
    if (!live) return page(c, visit, note, room);
    const refusedInDialog =
      field(c.get('form'), 'dialog') !== null &&
      (reply.toAsker.tone === 'warn' || reply.toAsker.tone === 'bad');
    if (refusedInDialog) c.header('HX-Retarget', '#dialog-note');
    else c.header('HX-Trigger', 'warroom:done');
    c.header('HX-Reswap', 'innerHTML');
    return c.html(note);
  }
  const elsewhere = reply.incident !== null && reply.incident !== room?.incident.id;
  const target = elsewhere && reply.incident !== null ? roomPath(reply.incident) : null;
  if (!live) {
    const back = room === null ? '/' : roomPath(room.incident.code);
    const fromTimeline = field(c.get('form'), 'arg.returnTo') === 'timeline';
    return c.redirect(target ?? (fromTimeline ? `${back}/timeline` : back), 303);
  }
  if (target !== null) {
    c.header('HX-Redirect', target);
    return c.body(null, 200);
  }
  c.header('HX-Trigger', 'warroom:done');
  // A card may be replaced while its button's answer travels; from a button that is gone no other target is found.
  if (c.req.header('hx-target') !== 'answers') c.header('HX-Retarget', '#answers');
  c.header('HX-Reswap', 'innerHTML');
  return c.html('');
}

function dialog(c: In, visit: Visit, content: ReturnType<typeof FormView>): Response | Promise<Response> {
  if (c.req.header('hx-request') === undefined) return page(c, visit, content, null);
  c.header('HX-Retarget', '#dialog-body');
  c.header('HX-Reswap', 'innerHTML');
  c.header('HX-Trigger-After-Swap', 'warroom:dialog');
  return c.html(content);
}

function page(c: In, visit: Visit, content: ReturnType<typeof FormView>, room: RoomView | null) {
  return c.html(
    <BarePage title={visit.words.confirmTitle} language={visit.language} theme={visit.theme}>
      {content}
      <p>
        <a href={room === null ? '/' : roomPath(room.incident.code)}>{visit.words.back}</a>
      </p>
    </BarePage>,
  );
}
