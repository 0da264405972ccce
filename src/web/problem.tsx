import type { Context } from 'hono';
import { BarePage } from './pages/layout.tsx';
import { languageOf, themeOf, type WebEnv } from './visit.ts';
import { words as wordsOf } from './words.ts';

/** A request that could not be served, as a sentence: beside the composer, or as a page of its own. */
export function problem(
  c: Context<WebEnv>,
  status: 400 | 401 | 403 | 404 | 413 | 429 | 500 | 503,
  sentence: string,
) {
  // The session is not known where the request already failed before it.
  const language = (c.get('visit') as WebEnv['Variables']['visit'] | undefined)?.language ?? languageOf(c);
  if (c.req.header('hx-request') !== undefined) {
    c.header('HX-Retarget', '#answers');
    c.header('HX-Reswap', 'innerHTML');
    return c.html(<Notice tone="bad" sentence={sentence} close={wordsOf(language).close} />, status);
  }
  return c.html(
    <BarePage title={String(status)} language={language} theme={themeOf(c)}>
      <p class="problem" role="alert">
        {sentence}
      </p>
      <p>
        <a href="/">{wordsOf(language).back}</a>
      </p>
    </BarePage>,
    status,
  );
}

export function Notice({ tone, sentence, close }: { tone: string; sentence: string; close: string }) {
  return (
    <div class={`answer msg tone-${tone}`}>
      <p class="headline">{sentence}</p>
      <button type="button" class="mini dismiss" data-dismiss aria-label={close}>
        ✕
      </button>
    </div>
  );
}
