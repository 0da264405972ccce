import { clip } from '../../chat/cut.ts';
import { anchor, CodeView, MessageView, type RenderContext } from '../../chat/web/render.tsx';
import type { Audience } from '../../incident/visibility.ts';
import type { TalkFile } from '../../store/port.ts';
import type { RoomView } from '../deps.ts';
import { readLog } from '../log.ts';
import { PICTURES } from '../picture.ts';
import type { Placed } from '../talk.ts';
import { bytes } from '../time.ts';
import { roomPath, type Visit } from '../visit.ts';

/** A log shows its beginning; the whole is one press away, so that one paste does not push everybody's words off the screen. */
const LOG_HEAD = 10;
const LONG_TEXT = 1500;
const QUOTED = 120;

export interface StreamContext {
  readonly room: RoomView;
  readonly visit: Visit;
  readonly render: RenderContext;
}

export function Items({ items, context }: { items: readonly Placed[]; context: StreamContext }) {
  return (
    <>
      {items.map((item) => (
        <>
          {item.newDay && <DaySeparator item={item} visit={context.visit} />}
          <StreamItem item={item} context={context} />
        </>
      ))}
    </>
  );
}

/** Messages that a page does not have yet, as they are put below the others. */
export function newItems(items: readonly Placed[], context: StreamContext): string {
  return String(<Items items={items} context={context} />);
}

/** Messages that a page has, each to take the place of its older self. */
export function changedItems(items: readonly Placed[], context: StreamContext): string {
  return items.map((item) => String(<StreamItem item={item} context={context} oob={true} />)).join('');
}

function DaySeparator({ item, visit }: { item: Placed; visit: Visit }) {
  return (
    <h3 class="day">
      <span>{visit.times.dayName(item.at)}</span>
    </h3>
  );
}

/** `oob` makes the browser put it in the place of the one it has. */
export function StreamItem({
  item,
  context,
  oob = false,
}: {
  item: Placed;
  context: StreamContext;
  oob?: boolean;
}) {
  const { visit, room } = context;
  const bot = item.content.kind === 'bot';
  const own = !bot && item.author.id === visit.person.id;
  const shared = item.stream === 'joint';
  const kind = bot ? 'bot' : own ? 'own' : 'other';
  return (
    <article
      class={`item ${kind}${item.follows ? ' follows' : ''}${shared ? '' : ' private'}`}
      id={anchor(item.key)}
      hx-swap-oob={oob ? 'true' : undefined}
      data-message={own && !item.deleted ? item.message : undefined}
    >
      <p class="item-head">
        <span class="author">{item.author.name}</span>
        {!bot && <span class="org">{visit.orgNames.get(item.author.org) ?? item.author.org}</span>}
        {!shared && <span class="badge private">{room.streamTitles[item.stream] ?? item.stream}</span>}
        <time datetime={visit.times.iso(item.at)} title={visit.times.full(item.at)}>
          {visit.times.clock(item.at)}
        </time>
        {item.edited && !item.deleted && <span class="quiet">{visit.words.edited}</span>}
      </p>
      <Quotation item={item} context={context} />
      <Content item={item} context={context} />
      {!item.deleted && <Menu item={item} own={own} context={context} />}
    </article>
  );
}

/** What it answers, one press away. */
function Quotation({ item: { answered, deleted }, context }: { item: Placed; context: StreamContext }) {
  if (answered === null || deleted) return null;
  const { words } = context.visit;
  const text = answered.text === null ? words.deleted : clip(answered.text.replace(/\s+/g, ' '), QUOTED);
  return (
    <p class="quotation">
      <a href={`#${anchor(answered.key)}`} title={words.answers(answered.author)}>
        ↩ <span class="author">{answered.author}</span> {text}
      </a>
    </p>
  );
}

function Content({ item, context }: { item: Placed; context: StreamContext }) {
  const { visit, render } = context;
  if (item.deleted) return <p class="deleted">{visit.words.deleted}</p>;
  switch (item.content.kind) {
    case 'bot':
      return <MessageView message={item.content.message} context={render} />;
    case 'log':
      return (
        <>
          <LogView text={item.content.text} message={item.message} context={context} />
          {item.file !== null && <FileView file={item.file} context={context} />}
        </>
      );
    case 'text':
      if (item.file !== null) return <FileView file={item.file} context={context} />;
      return item.content.text.length > LONG_TEXT ? (
        <details class="fold long" open={!render.interactive}>
          <summary>{item.content.text.slice(0, 200)}…</summary>
          <p class="said">{item.content.text}</p>
        </details>
      ) : (
        <p class="said">{item.content.text}</p>
      );
    default: {
      const never: never = item.content;
      return never;
    }
  }
}

/** To be saved; pictures are shown as well. The address is asked for by those who may see the message. */
function FileView({ file, context }: { file: TalkFile; context: StreamContext }) {
  const { visit, room, render } = context;
  const path = `${roomPath(room.incident.code)}/files/${file.sha256}`;
  const picture = PICTURES.has(file.type);
  return (
    <div class="file-view">
      {picture && render.interactive && (
        <a href={path} target="_blank" rel="noreferrer">
          <img src={path} alt={file.name} loading="lazy" />
        </a>
      )}
      <p>
        <span class="badge">{visit.words.file}</span>{' '}
        <a href={path} download={file.name}>
          {file.name}
        </a>{' '}
        <span class="quiet">{bytes(file.size)}</span>
      </p>
    </div>
  );
}

function LogView({ text, message, context }: { text: string; message: string; context: StreamContext }) {
  const { visit, room, render } = context;
  const { words } = visit;
  const log = readLog(text);
  const evidence = room.incident.diagnoses
    .filter((one) => one.excerpt === message)
    .flatMap((one) => one.findings.flatMap((finding) => finding.evidence.map((proof) => proof.line)));
  const total = log.parts.reduce((most, part) => Math.max(most, part.startLine + part.lines.length - 1), 0);
  const view = (lines: readonly string[], startLine: number) => (
    <CodeView
      code={lines.join('\n')}
      startLine={startLine}
      marked={evidence}
      labels={render.labels}
      anchor={anchor(message)}
    />
  );
  const [first, ...rest] = log.parts;
  const whole = first && rest.length === 0 && first.lines.length <= LOG_HEAD;
  return (
    <div class="log">
      <p class="log-head">
        <span class="badge">{words.log}</span>
        {log.title !== null && <span class="file">{log.title}</span>}
        <span class="quiet">{words.lines(total)}</span>
      </p>
      {first && view(whole ? first.lines : first.lines.slice(0, LOG_HEAD), first.startLine)}
      {first && !whole && (
        <details class="fold" id={`log-${anchor(message)}`} open={!render.interactive}>
          <summary>{words.expandLog(total)}</summary>
          {first.lines.length > LOG_HEAD && view(first.lines.slice(LOG_HEAD), first.startLine + LOG_HEAD)}
          {rest.map((part) => (
            <>
              <p class="quiet gap">⋯</p>
              {view(part.lines, part.startLine)}
            </>
          ))}
        </details>
      )}
    </div>
  );
}

/** What answers a private note stays as private, unless its author chooses otherwise. */
function audienceOf(stream: string): Audience {
  if (stream === 'joint') return 'joint';
  return stream === 'customer+vendor' ? 'shared' : 'own';
}

function Menu({ item, own, context }: { item: Placed; own: boolean; context: StreamContext }) {
  const { words } = context.visit;
  return (
    <div class="item-menu">
      <button
        type="button"
        class="mini"
        data-answer={item.message}
        data-who={item.author.name}
        data-audience={audienceOf(item.stream)}
      >
        {words.answer}
      </button>
      {own && <OwnMenu item={item} context={context} />}
    </div>
  );
}

function OwnMenu({ item, context }: { item: Placed; context: StreamContext }) {
  const { visit, room } = context;
  const { words } = visit;
  return (
    <>
      {item.content.kind === 'text' && (
        <button type="button" class="mini" data-edit={item.content.text}>
          {words.edit}
        </button>
      )}
      <form
        method="post"
        action={`${roomPath(room.incident.code)}/delete`}
        hx-post={`${roomPath(room.incident.code)}/delete`}
        hx-target="#answers"
        hx-confirm={words.removeConfirm}
      >
        <input type="hidden" name="_csrf" value={visit.session.csrf} />
        <input type="hidden" name="message" value={item.message} />
        <button type="submit" class="mini">
          {words.remove}
        </button>
      </form>
    </>
  );
}
