import type { Form, Message } from '../chat/message.ts';
import type { Knowledge } from '../diagnosis/index.ts';
import type { CommandBody } from '../incident/commands.ts';
import type { Actor } from '../incident/events.ts';
import type { Lesson, Trial } from '../incident/learning.ts';
import type { Language } from '../incident/plan.ts';
import type { Incident } from '../incident/state.ts';
import type { Store } from '../store/port.ts';
import {
  compile,
  type Evidence,
  type FieldName,
  type FieldProblem,
  type Fields,
  fieldsOf,
  suggest,
} from './draft.ts';
import { type Entry, readEntry, writeEntry } from './entry.ts';
import { active } from './library.ts';
import type { Sample } from './samples.ts';
import { tryEntry } from './trial.ts';

export type Taught =
  | { readonly kind: 'ask'; readonly form: Form }
  /** `incident`: where it is written down, when that is another one than it was asked in. */
  | { readonly kind: 'do'; readonly command: CommandBody; readonly incident?: Incident }
  | { readonly kind: 'show'; readonly message: Message };

export interface TeachDeps {
  readonly store: Store;
  readonly knowledge: () => Promise<Knowledge>;
  readonly samples: () => readonly Sample[];
  readonly mask: (text: string) => string;
  readonly mayRead: (past: Incident, reader: Actor) => boolean;
}

/** From an incident to a reviewed entry: what the form begins with, what it makes, how it does on the stored logs. */
export function createTeacher(deps: TeachDeps) {
  return async (lesson: Lesson, incident: Incident, author: Actor, language: Language): Promise<Taught> => {
    const knowledge = await deps.knowledge();
    switch (lesson.do) {
      case 'form': {
        const draft = incident.drafts.find((one) => one.id === lesson.draft);
        const read = draft ? readEntry(draft.text) : null;
        if (read?.ok) return { kind: 'ask', form: form(fieldsOf(read.entry), lesson.draft, language) };
        const evidence = await evidenceOf(incident);
        if (!evidence) return tell(NO_LOG, language);
        return { kind: 'ask', form: form(suggest(incident, evidence, knowledge), null, language) };
      }
      case 'draft': {
        const evidence = await evidenceOf(incident);
        if (!evidence) return tell(NO_LOG, language);
        const fields = fieldsFrom(lesson.fields, deps.mask);
        const version = await versionOf(fields.entry.trim());
        const made = compile(fields, { incident, evidence, knowledge, owner: author.name, version });
        if (!made.ok) return { kind: 'ask', form: form(fields, lesson.draft, language, made.problems) };
        const shipped = await shippedName(made.entry, knowledge);
        if (shipped) return { kind: 'ask', form: form(fields, lesson.draft, language, [shipped]) };
        return drafted(made.entry, made.text, lesson.draft, incident, evidence);
      }
      case 'carry': {
        const read = readEntry(deps.mask(lesson.text));
        if (!read.ok) {
          const items = read.problems.map((one) => `${one.file}:${one.line}: ${one.problem}`);
          const headline = { zh: '这不是一个完整的知识条目：', en: 'That is no whole knowledge entry:' };
          return show(headline[language], items);
        }
        const shipped = await shippedName(read.entry, knowledge);
        if (shipped) return show(shipped[language], []);
        const unknown = read.entry.fault.steps.filter(
          (id) => !knowledge.steps.has(id) && !read.entry.steps.some((step) => step.id === id),
        );
        if (unknown.length > 0) {
          const zh = `条目引用了这里没有的步骤：${unknown.join('、')}`;
          return show(
            { zh, en: `The entry names steps that are not here: ${unknown.join(', ')}` }[language],
            [],
          );
        }
        const version = await versionOf(read.entry.fault.id);
        const entry = { ...read.entry, fault: { ...read.entry.fault, version } };
        const evidence = { text: entry.sample, signature: (await evidenceOf(incident))?.signature ?? '' };
        return drafted(entry, writeEntry(entry), null, incident, evidence);
      }
      case 'review': {
        const draft = incident.drafts.find((one) => one.id === lesson.draft);
        const { approve, reason } = lesson;
        const trial =
          draft && approve ? await triedAgain(draft.text, incident, knowledge) : (draft?.trial ?? UNTRIED);
        return {
          kind: 'do',
          command: { type: 'review-knowledge', draft: lesson.draft, approve, reason, trial },
        };
      }
      case 'withdraw':
        return withdrawal(lesson.name, lesson.reason, incident, author, language);
      default: {
        const unknown: never = lesson;
        throw new Error(`unknown lesson ${JSON.stringify(unknown)}`);
      }
    }
  };

  /** Written down where the entry was learnt, so that its whole life is read in one place. */
  async function withdrawal(
    name: string,
    reason: string,
    incident: Incident,
    author: Actor,
    language: Language,
  ): Promise<Taught> {
    const rows = active(await deps.store.learnt());
    const own = incident.drafts.find((one) => one.id === name.toUpperCase());
    const wanted = own?.entry ?? name.toLowerCase();
    const visible: { readonly entry: string; readonly version: number; readonly past: Incident }[] = [];
    for (const { entry, version, incident: id } of rows) {
      const past = (await deps.store.load(id))?.incident;
      if (past && deps.mayRead(past, author)) visible.push({ entry, version, past });
    }
    const found = visible.find((one) => one.entry === wanted);
    if (!found) {
      const headline = {
        zh: `没有生效中的学习条目“${name}”；可以撤回的：`,
        en: `No learnt entry "${name}" is active; these can be withdrawn:`,
      };
      const items = visible.map((one) => `${one.entry} v${one.version} · ${one.past.code}`);
      return show(headline[language], items.length > 0 ? items : [{ zh: '（无）', en: '(none)' }[language]]);
    }
    const { entry, version, past } = found;
    return { kind: 'do', command: { type: 'withdraw-knowledge', entry, version, reason }, incident: past };
  }

  async function drafted(
    entry: Entry,
    text: string,
    draft: string | null,
    incident: Incident,
    evidence: Evidence,
  ): Promise<Taught> {
    const { id, version, title, owner } = entry.fault;
    const trial = await tried(entry, incident, evidence.signature, await deps.knowledge());
    return {
      kind: 'do',
      command: { type: 'draft-knowledge', draft, entry: id, version, title, owner, text, trial },
    };
  }

  /** Logs may have come since the draft was written. */
  async function triedAgain(text: string, incident: Incident, knowledge: Knowledge): Promise<Trial> {
    const read = readEntry(text);
    if (!read.ok) return UNTRIED;
    return tried(read.entry, incident, (await evidenceOf(incident))?.signature ?? '', knowledge);
  }

  function tried(entry: Entry, incident: Incident, signature: string, knowledge: Knowledge): Promise<Trial> {
    return tryEntry(
      entry,
      { incident, signature },
      { store: deps.store, knowledge, samples: deps.samples() },
    );
  }

  /** The last log that no entry knew; the last log of all where every one was known. */
  async function evidenceOf(incident: Incident): Promise<Evidence | null> {
    const log =
      incident.diagnoses.findLast((one) => one.findings.length === 0) ?? incident.diagnoses.at(-1) ?? null;
    if (log === null) return null;
    const said = (await deps.store.talk(incident.id, ['joint'])).find((one) => one.message === log.excerpt);
    return said ? { text: said.text, signature: log.signature } : null;
  }

  async function versionOf(entry: string): Promise<number> {
    const rows = await deps.store.learnt();
    return 1 + Math.max(0, ...rows.filter((row) => row.entry === entry).map((row) => row.version));
  }

  async function shippedName({ fault }: Entry, knowledge: Knowledge): Promise<FieldProblem | null> {
    if (!knowledge.faults.has(fault.id)) return null;
    if ((await deps.store.learnt()).some((row) => row.entry === fault.id)) return null;
    return {
      field: 'entry',
      zh: `“${fault.id}”是随产品提供的条目，请换一个名字`,
      en: `"${fault.id}" is an entry of the product: choose another name`,
    };
  }
}

const UNTRIED: Trial = { confidence: 0, excerpts: 0, samples: 0, alarms: [], also: [] };

const NO_LOG = {
  zh: '这个事件里还没有日志可学：先粘贴当时的日志，再沉淀。',
  en: 'There is no log in this incident to learn from: paste the log first.',
};

const LABELS: Readonly<
  Record<
    FieldName,
    { readonly zh: string; readonly en: string; readonly long?: true; readonly optional?: true }
  >
> = {
  entry: { zh: '条目名（小写英文，连字符）', en: 'Name (lower case, hyphens)' },
  title: { zh: '标题', en: 'Title' },
  titleEn: { zh: '英文标题（可空）', en: 'English title (optional)', optional: true },
  lines: {
    zh: '认出它的日志行：每行一条，最关键的在前，* 代表会变的部分',
    en: 'The lines it is known by, clearest first; * stands for what differs',
    long: true,
  },
  cause: { zh: '原因', en: 'Cause', long: true },
  steps: {
    zh: '处置：每行一步，步骤编号或一句话',
    en: 'Restoring steps, one a line: an id or a sentence',
    long: true,
  },
  permanent: { zh: '根治措施（可空）', en: 'Permanent fix (optional)', optional: true },
  mustNot: { zh: '不要做什么（可空，每行一条）', en: 'What must not be done (optional)', optional: true },
};

const NAMES: readonly FieldName[] = [
  'entry',
  'title',
  'titleEn',
  'lines',
  'cause',
  'steps',
  'permanent',
  'mustNot',
];

function form(
  fields: Fields,
  draft: string | null,
  language: Language,
  problems: readonly FieldProblem[] = [],
): Form {
  const titles = {
    zh: draft ? `修改 ${draft}` : '沉淀为知识（第二人复核后生效）',
    en: draft ? `Change ${draft}` : 'Make it knowledge (a second person reviews)',
  };
  const [first] = problems;
  return {
    title: first ? first[language] : titles[language],
    command: 'learn',
    args: draft === null ? {} : { draft },
    fields: NAMES.map((name) => {
      const label = LABELS[name];
      const problem = problems.find((one) => one.field === name);
      return {
        name,
        label: problem ? `${label[language]} ⚠️ ${problem[language]}` : label[language],
        type: label.long ? 'paragraph' : 'text',
        required: !label.optional,
        value: fields[name] || undefined,
      };
    }),
    submit: { zh: '提交复核', en: 'Submit for review' }[language],
  };
}

/** Masked before anything is made of them: a mask in the middle of a finished entry could break it. */
function fieldsFrom(args: Readonly<Record<string, string>>, mask: (text: string) => string): Fields {
  const field = (name: FieldName): string => mask(args[name] ?? '').replaceAll('\r\n', '\n');
  return {
    entry: field('entry'),
    title: field('title'),
    titleEn: field('titleEn'),
    lines: field('lines'),
    cause: field('cause'),
    steps: field('steps'),
    permanent: field('permanent'),
    mustNot: field('mustNot'),
  };
}

function tell(words: { readonly zh: string; readonly en: string }, language: Language): Taught {
  return show(words[language], []);
}

function show(headline: string, items: readonly string[]): Taught {
  const blocks: Message['blocks'] = items.length === 0 ? [] : [{ block: 'list', ordered: false, items }];
  return { kind: 'show', message: { headline, blocks, tone: 'warn', card: null } };
}
