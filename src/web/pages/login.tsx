import type { Language } from '../../incident/plan.ts';
import type { Person } from '../deps.ts';
import type { Theme, Visit } from '../visit.ts';
import { words as wordsOf } from '../words.ts';
import { BarePage, Page } from './layout.tsx';

interface Outside {
  readonly language: Language;
  readonly theme: Theme;
}

export function LoginPage({ language, theme, problem }: Outside & { problem: string | null }) {
  const words = wordsOf(language);
  return (
    <BarePage title={words.login} language={language} theme={theme}>
      <h1>{words.login}</h1>
      {problem !== null && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <form method="get" action="/login" class="login-form">
        <label class="field" for="token">
          <span class="label">{words.loginToken}</span>
          <input id="token" name="token" type="password" required autocomplete="off" autofocus />
        </label>
        <button type="submit" class="btn primary">
          {words.login}
        </button>
      </form>
      <p class="quiet">{words.loginTokenHint}</p>
    </BarePage>
  );
}

/** Shown with a good token only: the roster is nobody else's business. */
export function WhoPage(props: Outside & { token: string; people: readonly Person[]; switchable: boolean }) {
  const words = wordsOf(props.language);
  return (
    <BarePage title={words.whoAreYou} language={props.language} theme={props.theme}>
      <h1>{words.whoAreYou}</h1>
      {props.switchable && <p class="demo-note">{words.switchNote}</p>}
      <form method="post" action="/login">
        <input type="hidden" name="token" value={props.token} />
        <input type="hidden" name="language" value={props.language} />
        <People people={props.people} current={null} />
      </form>
    </BarePage>
  );
}

export function IdentityPage({ visit, people }: { visit: Visit; people: readonly Person[] }) {
  const { words } = visit;
  return (
    <Page visit={visit} title={words.switchIdentity} body="plain">
      <main id="main" class="card-page">
        <h1>{visit.deps.switchable ? words.switchIdentity : words.me}</h1>
        {visit.deps.switchable ? (
          <>
            <p class="demo-note">{words.switchNote}</p>
            <form method="post" action="/identity">
              <input type="hidden" name="_csrf" value={visit.session.csrf} />
              <People people={people} current={visit.person.id} />
            </form>
          </>
        ) : (
          <People people={[visit.person]} current={visit.person.id} />
        )}
        <p>
          <a href="/">{words.back}</a>
        </p>
      </main>
    </Page>
  );
}

function People({ people, current }: { people: readonly Person[]; current: string | null }) {
  const orgs = [...new Set(people.map((person) => person.orgName))];
  return (
    <>
      {orgs.map((org) => (
        <fieldset class="people-of">
          <legend>{org}</legend>
          {people
            .filter((person) => person.orgName === org)
            .map((person) => (
              <button
                type="submit"
                name="person"
                value={person.id}
                class="person"
                aria-current={person.id === current ? 'true' : undefined}
              >
                <strong>{person.name}</strong>
                <span>{person.posts.join(' · ')}</span>
              </button>
            ))}
        </fieldset>
      ))}
    </>
  );
}

export function InvitePage({ visit, link }: { visit: Visit; link: string }) {
  const { words } = visit;
  return (
    <Page visit={visit} title={words.invite} body="plain">
      <main id="main" class="card-page">
        <h1>{words.invite}</h1>
        <p>{words.inviteNote}</p>
        <p class="invite-link">
          <code>{link}</code>
        </p>
        <p>
          <a href="/">{words.back}</a>
        </p>
      </main>
    </Page>
  );
}
