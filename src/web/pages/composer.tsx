import type { Button } from '../../chat/message.ts';
import { ButtonRow, type RenderContext } from '../../chat/web/render.tsx';
import type { RoomView } from '../deps.ts';
import { UPLOAD_LIMIT } from '../form.ts';
import { bytes } from '../time.ts';
import { roomPath, type Visit } from '../visit.ts';

/** More than a hand can choose from at once folds away. */
const NEXT_SHOWN = 6;

export function NextActions({
  next,
  context,
  visit,
}: {
  next: readonly Button[];
  context: RenderContext;
  visit: Visit;
}) {
  // What matters most stays in sight, wherever it stands in the order.
  const chosen = new Set(
    [...next]
      .sort((a, b) => Number(b.style === 'primary') - Number(a.style === 'primary'))
      .slice(0, NEXT_SHOWN),
  );
  const rest = next.filter((button) => !chosen.has(button));
  return (
    <>
      <ButtonRow buttons={next.filter((button) => chosen.has(button))} context={context} />
      {rest.length > 0 && (
        <details class="menu up" id="next-more">
          <summary>{visit.words.more}</summary>
          <div class="menu-items">
            <ButtonRow buttons={rest} context={context} />
          </div>
        </details>
      )}
    </>
  );
}

/** `//` and `//+` typed do the same; the choice stays until it is changed. */
function AudienceChoice({ visit }: { visit: Visit }) {
  const { person } = visit;
  const words = visit.words.audience;
  const shared = person.side === 'customer' || person.side === 'vendor';
  const choices = [
    ['joint', words.joint],
    ...(shared ? [['shared', words.shared] as const] : []),
    ['own', words.own(person.orgName)],
  ] as const;
  return (
    <fieldset class="audience">
      <legend>{words.legend}</legend>
      {choices.map(([value, label]) => (
        <label class={`choice ${value}`}>
          <input type="radio" name="audience" value={value} checked={value === 'joint'} autocomplete="off" />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function Composer({ room, visit }: { room: RoomView; visit: Visit }) {
  const { words, person } = visit;
  const path = `${roomPath(room.incident.code)}/say`;
  return (
    <form
      id="composer"
      class="composer"
      method="post"
      action={path}
      enctype="multipart/form-data"
      hx-post={path}
      hx-encoding="multipart/form-data"
      hx-target="#answers"
      hx-sync="this:drop"
      data-limit={UPLOAD_LIMIT}
      data-too-large={words.tooLarge('{size}', bytes(UPLOAD_LIMIT))}
      data-became-file={words.pasteBecameFile('{size}')}
      data-paste-name={words.pasteName('{time}')}
      data-offline={words.offline}
      data-remove={words.removeAttachment}
    >
      <input type="hidden" name="_csrf" value={visit.session.csrf} />
      <input type="hidden" name="once" value="" />
      <input type="hidden" name="edit" value="" />
      <input type="hidden" name="replyTo" value="" />
      <div
        id="palette"
        class="palette"
        role="listbox"
        tabIndex={-1}
        aria-label={words.shortcut.palette}
        hidden
      >
        {visit.deps.commands(visit.language).map((hint, index) => (
          <div
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected="false"
            data-insert={hint.insert}
            data-names={hint.names.join(' ').toLowerCase()}
          >
            <code>{hint.insert.trim()}</code> <span>{hint.about}</span>
          </div>
        ))}
      </div>
      <ul id="attachments" class="attachments" hidden />
      <p id="composer-note" class="composer-note" role="status" hidden />
      <AudienceChoice visit={visit} />
      <div class="composer-row">
        <label class="attach btn plain" title={words.attach}>
          <input type="file" name="file" id="file" multiple aria-label={words.attach} />
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path
              d="m20 11-8.6 8.6a5 5 0 0 1-7-7l9-9a3.4 3.4 0 0 1 4.8 4.8l-9 9a1.7 1.7 0 0 1-2.4-2.4l8.2-8.2"
              fill="none"
              stroke="currentColor"
              stroke-width="2"
              stroke-linecap="round"
            />
          </svg>
        </label>
        <textarea
          id="say"
          name="text"
          rows={1}
          placeholder={words.composer}
          aria-label={words.composer}
          aria-describedby="composer-hint"
          aria-controls="palette"
          aria-autocomplete="list"
          autocomplete="off"
        />
        <button type="submit" class="btn primary send">
          {words.send}
        </button>
      </div>
      <p id="composer-hint" class="composer-hint">
        <span class="hint-plain">{words.composerHint}</span>
        <span class="hint-own">{words.privateTo(person.orgName)}</span>
        <span class="hint-shared">{words.sharedTo}</span>
        <span class="hint-command">{words.commandToAll}</span>
        <span class="hint-answer">
          {words.answering} <b data-answered /> · {words.cancelWith} <kbd>Esc</kbd>
        </span>
        <span class="hint-edit">
          {words.editing} <kbd>Esc</kbd>
        </span>
      </p>
    </form>
  );
}
