/** The composer: what is typed, pasted and dropped, and the list of commands. Nothing typed is ever lost. */
(() => {
  const form = document.querySelector('#composer');
  if (!form) return;
  const say = form.querySelector('#say');
  const fileInput = form.querySelector('#file');
  const palette = form.querySelector('#palette');
  const attachments = form.querySelector('#attachments');
  const note = form.querySelector('#composer-note');
  const limit = Number(form.dataset.limit);
  /** A paste of this size would make typing slow; as a file it is kept whole and diagnosed just the same. */
  const PASTE_AS_FILE = 200_000;
  /** Larger pastes travel compressed: logs shrink to a twentieth. */
  const PASTE_COMPRESSED = 4_000_000;
  const draftKey = `draft ${location.pathname}`;

  const size = (bytes) =>
    bytes < 1024 * 1024
      ? `${Math.max(1, Math.round(bytes / 1024))} KB`
      : `${(bytes / 1024 / 1024).toFixed(1)} MB`;

  function tell(text, bad = false) {
    note.hidden = text === '';
    note.textContent = text;
    note.classList.toggle('bad', bad);
  }

  // ── text ───────────────────────────────────────────────────────────────────────────────────────────────────
  function resize() {
    say.style.height = 'auto';
    say.style.height = `${Math.min(say.scrollHeight + 2, innerHeight * 0.4)}px`;
    showAudience();
  }

  // ── who sees it ────────────────────────────────────────────────────────────────────────────────────────────
  /** What is typed (`//`, `//+`) says more than what was chosen; a command is for all, whatever was chosen. */
  function showAudience() {
    const typed = say.value.trimStart();
    const chosen = form.elements.audience.value;
    const audience = typed.startsWith('//+') ? 'shared' : typed.startsWith('//') ? 'own' : chosen;
    const command = typed.startsWith('/') && !typed.startsWith('//');
    form.classList.toggle('own', audience === 'own' && !command);
    form.classList.toggle('shared', audience === 'shared' && !command);
    form.classList.toggle('commanding', audience !== 'joint' && command);
  }
  for (const choice of form.querySelectorAll('[name=audience]'))
    choice.addEventListener('change', () => {
      showAudience();
      say.focus();
    });

  function remember() {
    try {
      if (say.value === '' || say.value.length > 100_000) sessionStorage.removeItem(draftKey);
      else sessionStorage.setItem(draftKey, say.value);
    } catch {
      // A full or forbidden storage costs the draft after a reload, nothing else.
    }
  }

  say.addEventListener('input', () => {
    resize();
    remember();
    tell('');
    showPalette();
  });

  // ── editing one's own words ────────────────────────────────────────────────────────────────────────────────
  function edit(article) {
    stopAnswering();
    form.elements.edit.value = article.dataset.message;
    say.value = article.querySelector('[data-edit]').dataset.edit;
    form.classList.add('editing');
    resize();
    say.focus();
  }

  function stopEditing() {
    form.elements.edit.value = '';
    form.classList.remove('editing');
    say.value = '';
    resize();
  }

  // ── answering a message ────────────────────────────────────────────────────────────────────────────────────
  function answer({ answer: message, who, audience }) {
    if (form.classList.contains('editing')) stopEditing();
    form.elements.replyTo.value = message;
    form.querySelector('[data-answered]').textContent = who;
    form.classList.add('answering');
    if (audience !== 'joint') form.elements.audience.value = audience;
    showAudience();
    say.focus();
  }

  function stopAnswering() {
    form.elements.replyTo.value = '';
    form.classList.remove('answering');
  }

  document.addEventListener('click', (event) => {
    const button =
      event.target instanceof Element ? event.target.closest('[data-edit], [data-answer]') : null;
    if (!button) return;
    if (button.dataset.answer === undefined) edit(button.closest('[data-message]'));
    else answer(button.dataset);
  });

  // ── files ──────────────────────────────────────────────────────────────────────────────────────────────────
  let files = [];

  function showFiles() {
    const transfer = new DataTransfer();
    for (const file of files) transfer.items.add(file);
    fileInput.files = transfer.files;
    attachments.hidden = files.length === 0;
    attachments.replaceChildren(
      ...files.map((file, index) => {
        const item = document.createElement('li');
        const name = document.createElement('span');
        name.textContent = `${file.name} · ${size(file.size)}`;
        const remove = document.createElement('button');
        remove.type = 'button';
        remove.className = 'mini';
        remove.textContent = '✕';
        remove.setAttribute('aria-label', `${form.dataset.remove} ${file.name}`);
        remove.addEventListener('click', () => {
          files = files.filter((_, other) => other !== index);
          showFiles();
          say.focus();
        });
        item.append(name, remove);
        return item;
      }),
    );
  }

  function add(more) {
    const fitting = more.filter((file) => file.size <= limit);
    const heavy = more.find((file) => file.size > limit);
    files = [...files, ...fitting];
    showFiles();
    if (heavy) tell(form.dataset.tooLarge.replace('{size}', size(heavy.size)), true);
  }

  fileInput.addEventListener('change', () => {
    const chosen = [...fileInput.files];
    add(chosen);
    say.focus();
  });

  async function compressed(text) {
    const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
    return new Response(stream).blob();
  }

  async function pasteAsFile(text) {
    const time = new Date().toTimeString().slice(0, 5).replace(':', '');
    const name = form.dataset.pasteName.replace('{time}', time);
    const large = text.length > PASTE_COMPRESSED;
    const file = large
      ? new File([await compressed(text)], `${name}.gz`, { type: 'application/gzip' })
      : new File([text], name, { type: 'text/plain' });
    add([file]);
    if (file.size <= limit) tell(form.dataset.becameFile.replace('{size}', size(text.length)));
    else {
      say.value = text;
      resize();
    }
  }

  say.addEventListener('paste', (event) => {
    const pasted = [...(event.clipboardData?.files ?? [])];
    if (pasted.length > 0) {
      event.preventDefault();
      add(pasted);
      return;
    }
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (text.length > PASTE_AS_FILE) {
      event.preventDefault();
      void pasteAsFile(text);
    }
  });

  const dropZone = document.querySelector('[data-drop]');
  let depth = 0;
  const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes('Files');
  dropZone?.addEventListener('dragenter', (event) => {
    if (!carriesFiles(event)) return;
    depth += 1;
    dropZone.classList.add('dropping');
  });
  dropZone?.addEventListener('dragleave', () => {
    depth = Math.max(0, depth - 1);
    if (depth === 0) dropZone.classList.remove('dropping');
  });
  // A file that misses the zone would replace the page and everything typed in it.
  addEventListener('dragover', (event) => carriesFiles(event) && event.preventDefault());
  addEventListener('drop', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth = 0;
    dropZone?.classList.remove('dropping');
    if (event.target instanceof Node && dropZone?.contains(event.target)) add([...event.dataTransfer.files]);
  });

  // ── sending ────────────────────────────────────────────────────────────────────────────────────────────────
  /** The same words sent again after a broken line keep their name, so that they are said once. */
  const fresh = () =>
    [...crypto.getRandomValues(new Uint8Array(12))]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('');
  form.elements.once.value = fresh();

  form.addEventListener('htmx:beforeRequest', (event) => {
    if (event.target !== form) return;
    const bytes = new Blob([say.value]).size;
    if (bytes > limit) {
      event.preventDefault();
      tell(form.dataset.tooLarge.replace('{size}', size(bytes)), true);
      return;
    }
    if (say.value.trim() === '' && files.length === 0) event.preventDefault();
    else form.classList.add('sending');
  });

  form.addEventListener('htmx:afterRequest', (event) => {
    if (event.target !== form) return;
    form.classList.remove('sending');
    if (!event.detail.successful) {
      if (event.detail.xhr.status === 0) tell(form.dataset.offline, true);
      return;
    }
    say.value = '';
    files = [];
    showFiles();
    stopEditing();
    stopAnswering();
    remember();
    tell('');
    form.elements.once.value = fresh();
    document.querySelector('#new-below')?.click();
  });

  // ── the list of commands ───────────────────────────────────────────────────────────────────────────────────
  const options = [...palette.querySelectorAll('[role=option]')];
  let shown = [];
  let active = -1;

  function showPalette() {
    const typed = say.value;
    const asks = typed.startsWith('/') && !typed.startsWith('//') && !typed.includes('\n');
    const words = asks ? typed.slice(1).toLowerCase().split(/\s+/) : [];
    const prefixed = words[0] === '应急' || words[0] === 'incident';
    // Past the command's own name the list has nothing to add.
    if (!asks || words.length > (prefixed ? 2 : 1)) return hidePalette();
    const wanted = (prefixed ? words[1] : '应急 incident'.includes(words[0]) ? '' : words[0]) ?? '';
    shown = options.filter((option) => {
      const fits = option.dataset.names.split(' ').some((name) => name.startsWith(wanted));
      option.hidden = !fits;
      return fits;
    });
    palette.hidden = shown.length === 0;
    choose(shown.length > 0 ? 0 : -1);
  }

  function hidePalette() {
    palette.hidden = true;
    choose(-1);
  }

  function choose(index) {
    active = index;
    for (const option of options) option.setAttribute('aria-selected', String(option === shown[active]));
    if (shown[active] && !palette.hidden) {
      say.setAttribute('aria-activedescendant', shown[active].id);
      shown[active].scrollIntoView({ block: 'nearest' });
    } else say.removeAttribute('aria-activedescendant');
  }

  function take(option) {
    say.value = option.dataset.insert;
    hidePalette();
    resize();
    say.focus();
  }

  palette.addEventListener('mousedown', (event) => {
    const option = event.target instanceof Element ? event.target.closest('[role=option]') : null;
    if (option) {
      event.preventDefault();
      take(option);
    }
  });
  say.addEventListener('blur', hidePalette);

  say.addEventListener('keydown', (event) => {
    // Enter while a Chinese input method composes chooses a word; it does not send.
    if (event.isComposing || event.keyCode === 229) return;
    if (!palette.hidden) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        choose((active + (event.key === 'ArrowDown' ? 1 : -1) + shown.length) % shown.length);
        return;
      }
      if (event.key === 'Tab' || (event.key === 'Enter' && !typedWhole())) {
        event.preventDefault();
        if (shown[active]) take(shown[active]);
        return;
      }
      if (event.key === 'Escape') {
        event.preventDefault();
        event.stopPropagation();
        hidePalette();
        return;
      }
    }
    if (
      event.key === 'Escape' &&
      (form.classList.contains('editing') || form.classList.contains('answering'))
    ) {
      event.stopPropagation();
      if (form.classList.contains('editing')) stopEditing();
      stopAnswering();
      return;
    }
    if (event.key === 'ArrowUp' && say.value === '') {
      const own = [...document.querySelectorAll('#messages [data-message]')].filter((item) =>
        item.querySelector('[data-edit]'),
      );
      if (own.length > 0) {
        event.preventDefault();
        edit(own[own.length - 1]);
      }
      return;
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  });

  /** The command is there letter by letter: Enter then sends it instead of writing it once more. */
  function typedWhole() {
    return say.value.trim() === shown[active]?.dataset.insert.trim();
  }

  say.value = sessionStorage.getItem(draftKey) ?? say.value;
  resize();
})();
