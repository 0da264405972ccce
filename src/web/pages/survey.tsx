import type { Language } from '../../incident/plan.ts';
import type { SurveyView } from '../deps.ts';
import type { Theme } from '../visit.ts';
import { words as wordsOf } from '../words.ts';
import { BarePage } from './layout.tsx';

const SCORES = ['5', '4', '3', '2', '1'] as const;

export function SurveyPage(props: {
  survey: SurveyView;
  language: Language;
  theme: Theme;
  problem: string | null;
}) {
  const { survey, language, theme, problem } = props;
  const words = wordsOf(language);
  return (
    <BarePage title={words.survey.title} language={language} theme={theme}>
      <h1>{words.survey.title}</h1>
      <p>
        <strong>{survey.code}</strong> {survey.system ?? ''}
      </p>
      <p>{survey.title}</p>
      <p class="quiet">{words.survey.as(survey.person)}</p>
      {problem !== null && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <form method="post" class="login-form">
        <fieldset class="scores">
          <legend>{words.survey.score}</legend>
          {SCORES.map((score) => (
            <label>
              <input type="radio" name="score" value={score} required /> {words.survey.scores[score]}
            </label>
          ))}
        </fieldset>
        <label class="field" for="text">
          <span class="label">{words.survey.sentence}</span>
          <textarea id="text" name="text" rows={3} maxlength={2000} />
        </label>
        <button type="submit" class="btn primary">
          {words.survey.send}
        </button>
      </form>
    </BarePage>
  );
}

export function ThanksPage({ language, theme }: { language: Language; theme: Theme }) {
  const words = wordsOf(language);
  return (
    <BarePage title={words.survey.title} language={language} theme={theme}>
      <h1>{words.survey.thanks}</h1>
      <p class="quiet">{words.survey.thanksMore}</p>
    </BarePage>
  );
}
