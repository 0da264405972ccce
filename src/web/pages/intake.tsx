import type { Visit } from '../visit.ts';
import { Page } from './layout.tsx';

/** What a caller says, in the order in which callers say it. The same command as a typed line stands behind it. */
export function IntakePage({ visit, systems }: { visit: Visit; systems: readonly string[] }) {
  const { words } = visit;
  const text = words.intake;
  const line = (name: string, label: string, extra: Record<string, string> = {}) => (
    <label class="field" for={`intake-${name}`}>
      <span class="label">{label}</span>
      <input id={`intake-${name}`} name={`arg.${name}`} type="text" autocomplete="off" {...extra} />
    </label>
  );
  return (
    <Page visit={visit} title={words.intakeTitle} body="plain">
      <main id="main" class="card-page">
        <h1>{words.intakeTitle}</h1>
        <p class="quiet">{words.intakeLead}</p>
        <div id="answers" role="status" />
        <form
          class="intake"
          method="post"
          action="/act"
          hx-post="/act"
          hx-target="#answers"
          hx-sync="this:drop"
        >
          <input type="hidden" name="_csrf" value={visit.session.csrf} />
          <input type="hidden" name="command" value="open" />
          <input type="hidden" name="arg.channel" value="phone" />
          <label class="field wide" for="intake-title">
            <span class="label">
              {text.what} <span class="required">{words.required}</span>
            </span>
            <textarea
              id="intake-title"
              name="arg.title"
              rows={3}
              required
              placeholder={text.whatHint}
              autofocus
            />
          </label>
          {line('system', text.system, { list: 'systems' })}
          <datalist id="systems">
            {systems.map((system) => (
              <option value={system} />
            ))}
          </datalist>
          {line('since', text.since, { placeholder: text.sinceHint })}
          {line('reported', text.reported, { placeholder: text.reportedHint })}
          <label class="field" for="intake-kind">
            <span class="label">{text.kind}</span>
            <select id="intake-kind" name="arg.kind">
              {Object.entries(words.kind).map(([kind, word]) => (
                <option value={kind}>{word}</option>
              ))}
            </select>
          </label>
          {line('caller', text.caller)}
          {line('number', text.number, { type: 'tel' })}
          {line('organisation', text.organisation)}
          <fieldset class="field choice">
            <legend class="label">{text.down}</legend>
            {(
              [
                ['yes', text.yes],
                ['no', text.no],
              ] as const
            ).map(([value, label]) => (
              <label class="radio">
                <input type="radio" name="arg.down" value={value} />
                <span>{label}</span>
              </label>
            ))}
          </fieldset>
          <div class="form-buttons">
            <a class="btn plain" href="/">
              {words.cancel}
            </a>
            <button type="submit" class="btn primary">
              {text.submit}
            </button>
          </div>
        </form>
      </main>
    </Page>
  );
}
