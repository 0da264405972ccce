import type { Context, Hono } from 'hono';
import type { WebDeps } from './deps.ts';
import { field, readForm, SMALL_FORM } from './form.ts';
import { SurveyPage, ThanksPage } from './pages/survey.tsx';
import { problem } from './problem.tsx';
import { sameOrigin } from './security.ts';
import type { Throttle } from './session.ts';
import { addressOf, languageOf, themeOf, type WebEnv } from './visit.ts';
import { words as wordsOf } from './words.ts';

/** The customer judges by a link, without a login; the link is good for one answer. */
export function surveyRoutes(app: Hono<WebEnv>, deps: WebDeps, throttle: Throttle): void {
  const guarded = async (
    c: Context<WebEnv>,
    then: (survey: Found) => Promise<Response>,
  ): Promise<Response> => {
    const words = wordsOf(languageOf(c));
    c.header('Cache-Control', 'no-store');
    const wait = throttle.waitSeconds(addressOf(c));
    if (wait > 0) {
      c.header('Retry-After', String(wait));
      return problem(c, 429, words.loginSlow(wait));
    }
    const survey = await deps.survey(c.req.param('token') ?? '');
    if (survey !== null) return then(survey);
    throttle.failed(addressOf(c));
    return problem(c, 404, words.surveyGone);
  };

  app.get('/judge/:token', (c) =>
    guarded(c, async (survey) =>
      c.html(<SurveyPage survey={survey} language={languageOf(c)} theme={themeOf(c)} problem={null} />),
    ),
  );
  app.post('/judge/:token', (c) =>
    guarded(c, async (survey) => {
      const language = languageOf(c);
      const words = wordsOf(language);
      if (!sameOrigin(c, deps.publicUrl)) return problem(c, 403, words.forbidden);
      const read = await readForm(c, SMALL_FORM);
      if (!read.ok) return problem(c, 400, words.badFields);
      const score = field(read.form, 'score') ?? '';
      const text = (field(read.form, 'text') ?? '').slice(0, MOST_WORDS);
      const refused = await survey.answer({ score, text }, language);
      return refused === null
        ? c.html(<ThanksPage language={language} theme={themeOf(c)} />)
        : c.html(
            <SurveyPage survey={survey} language={language} theme={themeOf(c)} problem={refused} />,
            400,
          );
    }),
  );
}

const MOST_WORDS = 2000;
type Found = NonNullable<Awaited<ReturnType<WebDeps['survey']>>>;
