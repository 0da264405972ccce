import { diagnose, type Knowledge, maskVariables, type Rule } from '../diagnosis/index.ts';
import type { Risk } from '../incident/events.ts';
import type { Incident } from '../incident/state.ts';
import { type Entry, type EntryInput, readEntry, writeEntry } from './entry.ts';

/** What a person fills in: everything else of an entry follows from it. */
export interface Fields {
  readonly entry: string;
  readonly title: string;
  readonly titleEn: string;
  /** Lines of the log, the most telling first; `*` stands for what differs from time to time. */
  readonly lines: string;
  readonly cause: string;
  /** One a line: a step's id, or what was done in words. */
  readonly steps: string;
  readonly permanent: string;
  /** One a line. */
  readonly mustNot: string;
}

export type FieldName = keyof Fields;

/** What a log that was learnt from looks like to the present knowledge. */
export interface Evidence {
  readonly text: string;
  readonly signature: string;
}

const MOST_LINES = 4;
const SAMPLE_CHARS = 6_000;
const MIN_LITERAL_BYTES = 6;
/** The first line alone is a finding; two others together are one as well, and one of them alone is not shown. */
const FIRST_WEIGHT = 0.7;
const OTHER_WEIGHT = 0.28;

/** The form as it opens: signature, evidence lines, stated cause and the actions that succeeded. */
export function suggest(incident: Incident, evidence: Evidence, knowledge: Knowledge): Fields {
  const found = diagnose(evidence.text, knowledge);
  const lines = [...new Set(found.telling.map((one) => starred(one.text)).filter((one) => one.length > 12))];
  const fixed = incident.actions
    .filter((one) => one.status === 'succeeded')
    .map((one) => one.content.step ?? one.content.title);
  return {
    entry: nameFrom(lines[0] ?? '', incident.code),
    title: incident.cause?.text.slice(0, 60) ?? incident.title,
    titleEn: '',
    lines: lines.slice(0, MOST_LINES).join('\n'),
    cause: incident.cause?.text ?? '',
    steps: fixed.join('\n'),
    permanent: incident.followUps.map((one) => one.text).join('；'),
    mustNot: '',
  };
}

/** `ledger-behind` of `com.vendor.LedgerBehindException`; the incident's code where the line has no exception. */
function nameFrom(line: string, code: string): string {
  const exception = /([A-Z]\w{2,60}?)(?:Exception|Error)\b/.exec(line)?.[1];
  const words = exception?.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
  return `learnt-${words ?? code.toLowerCase()}`;
}

/** The part of a line that says what is wrong, with `*` for what differs. */
function starred(text: string): string {
  const masked = maskVariables(text).replace(/<(?:time|ip|s|path|id|hex|n)>/g, '*');
  const exception = /(?:[a-z][\w$]*\.){1,12}[A-Z][\w$]*(?:Exception|Error)\b/.exec(masked);
  const from = exception?.index ?? headLength(masked);
  return masked
    .slice(from)
    .replace(/\*(?:[\s*.,:/-]*\*)+/g, '*')
    .replace(/^[\s*\]>:|-]+|[\s*<[]+$/g, '')
    .slice(0, 240);
}

/** Time, level, thread and logger come before the last of these marks and differ between layouts. */
function headLength(masked: string): number {
  const marks = [
    ...masked.matchAll(/\b(?:ERROR|SEVERE|FATAL|CRITICAL|WARN(?:ING)?|严重|错误)\b[\]>:]*| - |\] |> </g),
  ];
  const last = marks.filter((mark) => mark.index < masked.length * 0.6).at(-1);
  return last === undefined ? 0 : last.index + last[0].length;
}

export interface FieldProblem {
  readonly field: FieldName;
  readonly zh: string;
  readonly en: string;
}

/** The entry that the fields make; what is wrong with a field, and the fix, when they make none. */
export function compile(
  fields: Fields,
  about: {
    readonly incident: Incident;
    readonly evidence: Evidence;
    readonly knowledge: Knowledge;
    readonly owner: string;
    readonly version: number;
  },
):
  | { readonly ok: true; readonly entry: Entry; readonly text: string }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] } {
  const { incident, evidence, knowledge, owner, version } = about;
  const problems: FieldProblem[] = [];
  const need = (field: FieldName, zh: string, en: string): void => {
    problems.push({ field, zh, en });
  };
  const id = fields.entry.trim();
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))
    need(
      'entry',
      '条目名只用小写英文、数字和连字符，例如 ledger-behind',
      'Name the entry in lower-case words joined by hyphens, like ledger-behind',
    );
  const title = fields.title.trim();
  if (!title) need('title', '请写标题', 'Please give a title');
  const cause = fields.cause.trim();
  if (!cause) need('cause', '请写原因', 'Please state the cause');
  const rules = listOf(fields.lines).slice(0, MOST_LINES).map(ruleOf);
  if (rules.length === 0) need('lines', '至少一行日志', 'At least one line of the log');
  rules.forEach((rule, at) => {
    if (rule === null)
      need(
        'lines',
        `第 ${at + 1} 行没有足够长的固定文字：星号之间至少要有一段 6 个字节以上的原文`,
        `Line ${at + 1} has no fixed text of at least 6 bytes between its asterisks`,
      );
  });
  const steps = stepsOf(id, fields.steps, incident, knowledge);
  if (steps.ids.length === 0)
    need(
      'steps',
      '至少一个处置步骤：步骤编号，或一句话',
      'At least one restoring step: its id, or a sentence',
    );
  if (problems.length > 0) return { ok: false, problems };
  const en = fields.titleEn.trim() || title;
  const near = diagnose(evidence.text, knowledge).findings.flatMap((one) => one.ruledOut);
  const text = writeEntry({
    fault: {
      id,
      version,
      owner,
      title: { zh: title, en },
      phase: 'unknown',
      cause: both(cause),
      permanent: both(
        fields.permanent.trim() || `见 ${incident.code} 的整改`,
        fields.permanent.trim() || `See the follow-ups of ${incident.code}`,
      ),
      anchors: rules.flatMap((rule, at) =>
        rule === null
          ? []
          : [{ id: `line-${at + 1}`, ...rule, weight: at === 0 ? FIRST_WEIGHT : OTHER_WEIGHT }],
      ),
      otherwise: near.map((one) => ({ fault: one.fault, because: one.because })),
      capture: [...knowledge.shared.unknown.capture],
      steps: steps.ids,
      mustNot: listOf(fields.mustNot).map((one) => both(one)),
    },
    steps: steps.own,
    sample: sampleOf(evidence.text, knowledge),
  });
  const read = readEntry(text);
  if (read.ok) return { ok: true, entry: read.entry, text };
  return {
    ok: false,
    problems: read.problems.map(({ line, problem }) => ({
      field: 'lines',
      zh: `第 ${line} 行：${problem}`,
      en: `Line ${line}: ${problem}`,
    })),
  };
}

/** The fields again, to change them. */
export function fieldsOf({ fault, steps }: Entry): Fields {
  const own = new Map(steps.map((step) => [step.id, step.title.zh]));
  return {
    entry: fault.id,
    title: fault.title.zh,
    titleEn: fault.title.en === fault.title.zh ? '' : fault.title.en,
    lines: fault.anchors.map((rule) => lineOf(rule)).join('\n'),
    cause: fault.cause.zh,
    steps: fault.steps.map((id) => own.get(id) ?? id).join('\n'),
    permanent: fault.permanent.zh,
    mustNot: fault.mustNot.map((one) => one.zh).join('\n'),
  };
}

const GAP = '.{0,200}?';

function ruleOf(line: string): Pick<Rule, 'literals' | 'pattern'> | null {
  const parts = line
    .normalize('NFKC')
    .split('*')
    .map((one) => one.trim().replace(/\s+/g, ' '))
    .filter(Boolean);
  const [literal] = [...parts].sort((a, b) => Buffer.byteLength(b) - Buffer.byteLength(a));
  if (literal === undefined || Buffer.byteLength(literal) < MIN_LITERAL_BYTES) return null;
  return { literals: [literal], pattern: parts.map(escaped).join(GAP) };
}

function lineOf(rule: Rule): string {
  return (rule.pattern ?? rule.literals[0] ?? '')
    .split(GAP)
    .map((part) => part.replace(/\\(.)/g, '$1'))
    .join(' * ');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

function stepsOf(
  entry: string,
  text: string,
  incident: Incident,
  knowledge: Knowledge,
): { readonly ids: string[]; readonly own: NonNullable<EntryInput['steps']> } {
  const ids: string[] = [];
  const own: NonNullable<EntryInput['steps']> = [];
  for (const line of listOf(text)) {
    if (knowledge.steps.has(line)) {
      ids.push(line);
      continue;
    }
    const done = incident.actions.find((one) => one.content.title === line);
    const risk: Risk = done?.content.risk ?? 'R2';
    const id = `${entry}-fix-${own.length + 1}`;
    own.push({ id, title: both(line), risk, approver: risk === 'R0' ? 'duty' : 'lead+owner' });
    ids.push(id);
  }
  return { ids, own };
}

function listOf(text: string): string[] {
  return text
    .split('\n')
    .map((one) => one.trim())
    .filter(Boolean);
}

function both(zh: string, en = zh): { zh: string; en: string } {
  return { zh, en };
}

/** The log that was learnt from, or the neighbourhood of its clearest lines. */
function sampleOf(text: string, knowledge: Knowledge): string {
  if (text.length <= SAMPLE_CHARS) return text;
  const lines = text.split('\n');
  const near = new Set<number>();
  for (const { line } of diagnose(text, knowledge).telling)
    for (let at = line - 3; at < line + 5; at++) near.add(at);
  return [...near]
    .sort((a, b) => a - b)
    .flatMap((at) => lines[at - 1] ?? [])
    .join('\n')
    .slice(0, SAMPLE_CHARS);
}
