import type { Language } from '../../incident/plan.ts';
import type { Person } from '../deps.ts';
import type { Theme, Visit } from '../visit.ts';
import { words as wordsOf } from '../words.ts';
import { BarePage, Page } from './layout.tsx';

interface Outside {
  readonly language: Language;
  readonly theme: Theme;
}

export function LoginPage(
  props: Outside & {
    readonly problem: string | null;
    /** Where the visitor wanted to go. */
    readonly next: string;
    /** People show an account of their own company; a link of one's own is the second door. */
    readonly account: boolean;
  },
) {
  const { language, theme, problem, next, account } = props;
  const words = wordsOf(language);
  return (
    <BarePage title={words.login} language={language} theme={theme}>
      <h1>{words.login}</h1>
      {problem !== null && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      {account ? (
        <>
          <p>
            <a class="btn primary" href={`/login/oidc?${new URLSearchParams({ next }).toString()}`} autofocus>
              {words.oidc.enter}
            </a>
          </p>
          <p class="quiet">{words.oidc.hint}</p>
        </>
      ) : (
        <>
          <form method="get" action="/login" class="login-form">
            {next !== '/' && <input type="hidden" name="next" value={next} />}
            <label class="field" for="token">
              <span class="label">{words.loginToken}</span>
              <input id="token" name="token" type="password" required autocomplete="off" autofocus />
            </label>
            <button type="submit" class="btn primary">
              {words.login}
            </button>
          </form>
          <p class="quiet">{words.loginTokenHint}</p>
        </>
      )}
    </BarePage>
  );
}

/** After logging out with an account: the provider still knows the browser, unless one leaves there too. */
export function GoodbyePage({ language, theme, leaveProvider }: Outside & { leaveProvider: string | null }) {
  const words = wordsOf(language);
  return (
    <BarePage title={words.logout} language={language} theme={theme}>
      <h1>{words.oidc.left}</h1>
      {leaveProvider !== null && (
        <>
          <p>{words.oidc.leaveNote}</p>
          <p>
            <a class="btn" href={leaveProvider} rel="noreferrer">
              {words.oidc.leave}
            </a>
          </p>
        </>
      )}
      <p>
        <a href="/login">{words.login}</a>
      </p>
    </BarePage>
  );
}

/** Shown with a good token only: the roster is nobody else's business. */
export function WhoPage(
  props: Outside & { token: string; people: readonly Person[]; switchable: boolean; next: string },
) {
  const words = wordsOf(props.language);
  return (
    <BarePage title={words.whoAreYou} language={props.language} theme={props.theme}>
      <h1>{words.whoAreYou}</h1>
      {props.switchable && <p class="demo-note">{words.switchNote}</p>}
      <form method="post" action="/login">
        <input type="hidden" name="token" value={props.token} />
        {props.next !== '/' && <input type="hidden" name="next" value={props.next} />}
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
