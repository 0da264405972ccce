import type { Instant } from '../../incident/events.ts';
import type { Language } from '../../incident/plan.ts';
import type { GuestInvitation } from '../deps.ts';
import { times } from '../time.ts';
import type { Theme } from '../visit.ts';
import { words as wordsOf } from '../words.ts';
import { BarePage } from './layout.tsx';

/** Whose room it is and for whom the link was made; what happens in there is told inside. */
export function GuestPage(props: {
  invitation: GuestInvitation;
  zone: string;
  now: Instant;
  language: Language;
  theme: Theme;
  problem: string | null;
}) {
  const { invitation, language } = props;
  const words = wordsOf(language).guest;
  const until = times(props.zone, language, props.now).short(invitation.until);
  const problem = invitation.closed ?? props.problem;
  return (
    <BarePage title={words.title} language={language} theme={props.theme}>
      <h1>{words.lead(invitation.host, invitation.orgName)}</h1>
      <p class="quiet">{invitation.code}</p>
      {problem !== null && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {invitation.closed === null && (
        <>
          <p>{words.note(invitation.orgName, until)}</p>
          <form method="post" class="login-form">
            <label class="field" for="name">
              <span class="label">{words.name}</span>
              <input
                id="name"
                name="name"
                type="text"
                required
                maxlength={40}
                autocomplete="name"
                autofocus
              />
            </label>
            <button type="submit" class="btn primary">
              {words.enter}
            </button>
          </form>
          <p class="quiet">{words.bound}</p>
        </>
      )}
    </BarePage>
  );
}
