import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { Instant } from '../../incident/events.ts';
import type { Language } from '../../incident/plan.ts';
import { assetUrl } from '../assets.ts';
import { roomPath, type Theme, type Visit } from '../visit.ts';
import { type Catalogue, words as wordsOf } from '../words.ts';

const HTMX_CONFIG = JSON.stringify({
  // The page's policy forbids inline styles and evaluation; htmx does without both.
  includeIndicatorStyles: false,
  allowEval: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  defaultSettleDelay: 0,
  responseHandling: [
    { code: '204', swap: false },
    // A refusal carries its own words: they are shown like any other answer.
    { code: '...', swap: true },
  ],
});

interface FrameProps {
  readonly title: string;
  readonly language: Language;
  readonly theme: Theme;
  readonly body: string;
  readonly children: Child;
  readonly scripts?: boolean;
  /** The server's clock, by which the browser counts. */
  readonly now?: Instant;
}

function Frame({ title, language, theme, body, children, scripts = true, now }: FrameProps) {
  return html`<!doctype html>${(
    <html lang={language === 'zh' ? 'zh-CN' : 'en'} data-theme={theme ?? undefined} data-now={now}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        <meta name="htmx-config" content={HTMX_CONFIG} />
        <title>{title}</title>
        <link rel="icon" href={assetUrl('icon.svg')} type="image/svg+xml" />
        <link rel="stylesheet" href={assetUrl('room.css')} />
        {scripts && (
          <>
            <script src={assetUrl('htmx.js')} defer />
            <script src={assetUrl('htmx-sse.js')} defer />
            <script src={assetUrl('room.js')} defer />
            <script src={assetUrl('composer.js')} defer />
          </>
        )}
      </head>
      <body class={body}>{children}</body>
    </html>
  )}`;
}

/** A page for somebody who is not logged in, or for an answer that needs a page of its own. */
export function BarePage(props: { title: string; language: Language; theme: Theme; children: Child }) {
  const words = wordsOf(props.language);
  return (
    <Frame
      title={`${props.title} · ${words.product}`}
      language={props.language}
      theme={props.theme}
      body="bare"
      scripts={false}
    >
      <main class="card-page">
        <p class="brand">
          <img src={assetUrl('icon.svg')} alt="" width="28" height="28" />
          <strong>{words.product}</strong>
          <span>{words.tagline}</span>
        </p>
        {props.children}
      </main>
    </Frame>
  );
}

export function Page(props: { visit: Visit; title: string; body: string; heading?: Child; children: Child }) {
  const { visit } = props;
  const { words } = visit;
  return (
    <Frame
      title={`${props.title} · ${words.product}`}
      language={visit.language}
      theme={visit.theme}
      body={props.body}
      now={visit.now}
    >
      <a class="skip" href="#main">
        {words.skip}
      </a>
      <header class="top">
        <a class="brand" href={visit.guest === null ? '/' : roomPath(visit.guest.code)}>
          <img src={assetUrl('icon.svg')} alt="" width="22" height="22" />
          <strong>{words.product}</strong>
        </a>
        {props.heading ?? <span class="tagline">{words.tagline}</span>}
        <span
          class="link-state"
          id="link-state"
          role="status"
          data-live={words.live}
          data-lost={words.reconnecting}
        />
        <TopMenu visit={visit} />
      </header>
      {props.children}
      <dialog id="dialog" aria-label={words.confirmTitle}>
        <div id="dialog-body" />
      </dialog>
      <KeysDialog words={words} />
    </Frame>
  );
}

function TopMenu({ visit }: { visit: Visit }) {
  const { words, person, deps, guest, times } = visit;
  const identity = (
    <>
      <span class="identity-name">{person.name}</span>
      <span class="identity-org">{person.orgName}</span>
    </>
  );
  return (
    <nav class="top-menu" aria-label={words.more}>
      {guest === null ? (
        <a class="identity" href="/identity" title={deps.switchable ? words.switchIdentity : words.me}>
          {identity}
          {deps.switchable && <span class="badge demo">{words.demo}</span>}
        </a>
      ) : (
        <span class="identity">
          {identity}
          <span class="badge">{words.guest.badge(times.short(guest.until))}</span>
        </span>
      )}
      <details class="menu">
        <summary aria-label={words.more} title={words.more}>
          ⋯
        </summary>
        <div class="menu-items">
          <button type="button" data-keys>
            {words.keys} <kbd>?</kbd>
          </button>
          <button type="button" data-theme-toggle data-no-script-hidden>
            {words.theme}
          </button>
          <PostButton visit={visit} action="/language" label={words.language} />
          {deps.oidc === null && guest === null && (
            <PostButton visit={visit} action="/invite" label={words.invite} />
          )}
          <PostButton visit={visit} action="/logout" label={words.logout} />
        </div>
      </details>
    </nav>
  );
}

function PostButton({ visit, action, label }: { visit: Visit; action: string; label: string }) {
  return (
    <form method="post" action={action}>
      <input type="hidden" name="_csrf" value={visit.session.csrf} />
      <button type="submit">{label}</button>
    </form>
  );
}

function KeysDialog({ words }: { words: Catalogue }) {
  const keys: readonly (readonly [string, string])[] = [
    ['?', words.shortcut.help],
    ['i', words.shortcut.composer],
    ['/', words.shortcut.palette],
    ['Enter · Shift+Enter', words.shortcut.send],
    ['↑', words.shortcut.editLast],
    ['u', words.shortcut.upload],
    ['g', words.shortcut.rooms],
    ['j · k', words.shortcut.nextRoom],
    ['t', words.shortcut.clocks],
    ['a', words.shortcut.approvals],
    ['l', words.shortcut.timeline],
    ['b', words.shortcut.bottom],
    ['n', words.shortcut.newIncident],
    ['Esc', words.shortcut.escape],
  ];
  return (
    <dialog id="keys" aria-labelledby="keys-title">
      <h2 id="keys-title">{words.shortcut.title}</h2>
      <dl class="keys">
        {keys.map(([key, about]) => (
          <div>
            <dt>
              {key.split(' · ').map((one) => (
                <kbd>{one}</kbd>
              ))}
            </dt>
            <dd>{about}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit" class="btn plain">
          {words.close}
        </button>
      </form>
    </dialog>
  );
}
