/**
 * What the server's HTML cannot do alone: count seconds, follow the newest message, dialogs, keys. Everything
 * here works on elements that are already on the page; no text from the server is ever turned into HTML here.
 */
const one = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// ── seconds ──────────────────────────────────────────────────────────────────────────────────────────────────
const serverNow = Number(one('[data-now]')?.dataset.now ?? 0);
/** The server's clock decides; a laptop with a wrong one shows the same countdown. */
const offset = serverNow === 0 ? 0 : serverNow - Date.now();
const two = (n) => String(n).padStart(2, '0');

function countdown(ms) {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  const h = Math.floor(seconds / 3600);
  const m = Math.floor((seconds % 3600) / 60);
  const tail = `${two(m)}:${two(seconds % 60)}`;
  return h > 0 ? `${h}:${tail}` : tail;
}

function level(used) {
  if (used > 1) return 'over';
  if (used >= 0.8) return 'red';
  return used >= 0.5 ? 'amber' : 'calm';
}

function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function tick() {
  const now = Date.now() + offset;
  for (const element of all('[data-deadline]')) {
    const left = Number(element.dataset.deadline) - now;
    setText(one('[data-count]', element), countdown(left));
    const sign = one('.sign', element);
    if (sign) setText(sign, left < 0 ? sign.dataset.over : sign.dataset.left);
    const span = Number(element.dataset.span ?? 0);
    if (span > 0) {
      const used = 1 - left / span;
      const wanted = `level-${level(used)}`;
      if (!element.classList.contains(wanted)) {
        element.classList.remove('level-calm', 'level-amber', 'level-red', 'level-over');
        element.classList.add(wanted);
      }
      const share = Math.max(0, Math.min(1, 1 - used));
      one('[data-fill]', element)?.setAttribute('width', (share * 100).toFixed(2));
    } else {
      element.classList.toggle('late', left < 0);
    }
  }
}
tick();
setInterval(tick, 1000);

// ── the stream ───────────────────────────────────────────────────────────────────────────────────────────────
const scroll = one('#scroll');
const newBelow = one('#new-below');
const atBottom = () => !scroll || scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
let following = true;

function toBottom() {
  if (scroll) scroll.scrollTop = scroll.scrollHeight;
  following = true;
  if (newBelow) newBelow.hidden = true;
}

/** The newest message; the beginning of it, when it is too long to be seen at once. */
function toNewest() {
  const last = one('#messages > article:last-of-type');
  if (!scroll || !last || last.offsetHeight < scroll.clientHeight) return toBottom();
  toStart(last);
}

function toStart(item) {
  scroll.scrollTop += item.getBoundingClientRect().top - scroll.getBoundingClientRect().top - 8;
  following = false;
}

function toTarget() {
  const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
  if (!target) return false;
  showTab('talk');
  for (let up = target.closest('details'); up; up = up.parentElement.closest('details')) up.open = true;
  if (scroll.contains(target)) toStart(target);
  return true;
}

if (scroll) {
  // What scrolls has to be reached by keyboard in every browser.
  scroll.tabIndex = 0;
  if (!toTarget()) toNewest();
  scroll.addEventListener('scroll', () => {
    following = atBottom();
    if (following && newBelow) newBelow.hidden = true;
  });
  // Folds, late fonts and a growing composer change the height: who was at the bottom stays there.
  new ResizeObserver(() => following && toBottom()).observe(scroll);
  newBelow?.addEventListener('click', toBottom);
  addEventListener('hashchange', toTarget);
}

// ── live parts ───────────────────────────────────────────────────────────────────────────────────────────────
let kept = null;
document.addEventListener('htmx:sseBeforeMessage', (event) => {
  const element = event.target;
  const message = event.detail;
  if (message.type === 'changed') {
    // Only what this page shows can be replaced; the rest comes when it is scrolled to.
    const parts = new DOMParser().parseFromString(message.data, 'text/html');
    const shown = all('[hx-swap-oob]', parts).some((part) => document.getElementById(part.id));
    if (!shown) event.preventDefault();
    return;
  }
  if (message.type === 'said') {
    one('#messages > .nothing')?.remove();
    return;
  }
  kept = {
    open: all('details[open][id]', element).map((details) => details.id),
    focus: element.contains(document.activeElement) ? pathTo(document.activeElement, element) : null,
  };
});

document.addEventListener('htmx:sseMessage', (event) => {
  const element = event.target;
  const { type } = event.detail;
  if (type === 'said') {
    if (document.body.dataset.tab !== undefined && document.body.dataset.tab !== 'talk')
      one('.tabs [data-tab=talk]')?.classList.add('unread');
    if (following) toNewest();
    else if (newBelow) newBelow.hidden = false;
  } else if (type === 'changed') {
    if (following) toBottom();
  } else if (kept) {
    for (const id of kept.open) {
      const details = document.getElementById(id);
      if (details) details.open = true;
    }
    if (kept.focus) atPath(kept.focus, element)?.focus();
    kept = null;
  }
  if (type === 'banner') showTitle();
  enhance(element);
  tick();
});

/** Where an element stands among what can be reached by keyboard, so that focus survives a new rendering. */
function pathTo(element, root) {
  return { index: all('a, button, summary, input', root).indexOf(element), text: element.textContent };
}
function atPath(path, root) {
  const found = all('a, button, summary, input', root);
  return found.find((element) => element.textContent === path.text) ?? found[path.index];
}

const state = one('#link-state');
document.addEventListener('htmx:sseOpen', () => {
  if (!state) return;
  state.className = 'link-state live';
  setText(state, state.dataset.live);
});
document.addEventListener('htmx:sseError', (event) => {
  // The server refused: the session has ended. The page says so once nothing typed could be lost by it.
  if (event.detail.source?.readyState === EventSource.CLOSED && nothingTyped()) location.reload();
  if (!state) return;
  state.className = 'link-state lost';
  setText(state, state.dataset.lost);
});

// The session is about somebody else now, or speaks another language: this page is about nobody any more.
document.addEventListener('htmx:sseOpen', (event) => {
  event.detail.source.addEventListener('reload', () => {
    event.detail.source.close();
    location.reload();
  });
});

function nothingTyped() {
  const say = one('#say, #open-line');
  return (!say || say.value === '') && !document.querySelector('dialog[open], #attachments li');
}

const title = document.title;
function showTitle() {
  document.title = one('[data-paged]') ? `● ${title}` : title;
}
showTitle();

// ── dialogs ──────────────────────────────────────────────────────────────────────────────────────────────────
const dialog = one('#dialog');
const keys = one('#keys');

document.addEventListener('warroom:dialog', () => {
  if (!dialog) return;
  if (!dialog.open) dialog.showModal();
  (one('[data-autofocus]', dialog) ?? one('input:not([type=hidden]), textarea, select', dialog))?.focus();
});
document.addEventListener('warroom:done', () => dialog?.close());
dialog?.addEventListener('close', () => one('#dialog-body')?.replaceChildren());

document.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return;
  if (target.closest('[data-close]')) dialog?.close();
  if (target.closest('[data-dismiss]')) target.closest('.answer')?.remove();
  if (target.closest('[data-keys]')) keys?.showModal();
  if (target.closest('[data-print]')) print();
  if (target === dialog || target === keys) target.close();
  for (const menu of all('details.menu[open]')) {
    if (!menu.contains(target) || target.closest('.menu-items button')) menu.open = false;
  }
  const tab = target.closest('[data-tab]:not(body)');
  if (tab) showTab(tab.dataset.tab);
  const copy = target.closest('[data-copy]');
  if (copy) void copyCode(copy);
  if (target.closest('[data-theme-toggle]')) toggleTheme();
});

async function copyCode(button) {
  const lines = all('.ln', button.parentElement).map((line) => line.textContent.replace(/\n$/, ''));
  await navigator.clipboard.writeText(lines.join('\n'));
  button.classList.add('done');
  setTimeout(() => button.classList.remove('done'), 1500);
}

function toggleTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme
    ? root.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = dark ? 'light' : 'dark';
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing outside secure contexts
  document.cookie = `warroom-theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
}

function showTab(tab) {
  document.body.dataset.tab = tab;
  for (const button of all('.tabs [data-tab]'))
    button.setAttribute('aria-pressed', String(button.dataset.tab === tab));
  one(`.tabs [data-tab=${tab}]`)?.classList.remove('unread');
  if (tab === 'talk' && following) toBottom();
}

/** Copying needs a secure context; where there is none, the button stays away. */
function enhance(root) {
  if (navigator.clipboard) for (const button of all('[data-copy][hidden]', root)) button.hidden = false;
}
enhance(document);
document.documentElement.classList.add('scripted');

// ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────
function focusOn(selector, tab) {
  if (tab && document.body.classList.contains('in-room')) showTab(tab);
  const element = one(selector);
  element?.scrollIntoView({ block: 'nearest' });
  element?.focus();
}

function nextRoom(step) {
  const links = all('#rooms [data-room]');
  if (links.length === 0) return;
  const current = links.findIndex((link) => link.getAttribute('aria-current') === 'page');
  links[(current + step + links.length) % links.length].click();
}

const KEYS = {
  '?': () => keys?.showModal(),
  i: () => focusOn('#say, #open-line', 'talk'),
  '/': () => {
    focusOn('#say, #open-line', 'talk');
    const say = one('#say, #open-line');
    if (say && say.value === '') {
      say.value = '/';
      say.dispatchEvent(new Event('input', { bubbles: true }));
    }
  },
  u: () => one('#file')?.click(),
  g: () => focusOn('#rooms [aria-current=page], #rooms [data-room]', 'list'),
  j: () => nextRoom(1),
  k: () => nextRoom(-1),
  t: () => focusOn('#clocks-title', 'side'),
  a: () => focusOn('#approvals button, #approvals-title', 'side'),
  l: () => one('[data-timeline]')?.click(),
  b: toBottom,
  n: () => one('[data-new]')?.click(),
};

document.addEventListener('keydown', (event) => {
  const target = event.target;
  const typing = target instanceof Element && target.closest('input, textarea, select, [contenteditable]');
  if (event.key === 'Escape' && typing && !document.querySelector('dialog[open]')) {
    target.blur();
    return;
  }
  if (target instanceof Element && target.closest('#rooms') && ['ArrowDown', 'ArrowUp'].includes(event.key)) {
    const links = all('#rooms [data-room]');
    const at = links.indexOf(document.activeElement);
    links[Math.max(0, Math.min(links.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1)))]?.focus();
    event.preventDefault();
    return;
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]'))
    return;
  const act = KEYS[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
});
