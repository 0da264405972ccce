import { styleText } from 'node:util';
import type { Diagnosis, Evidence, Finding, StepAdvice } from '../diagnosis/index.ts';
import { reasonWords } from '../diagnosis/reasons.ts';

/** Where each file's lines begin within the whole input. */
export interface Place {
  name: string;
  firstLine: number;
}

interface Look {
  lang: 'zh' | 'en';
  colour: boolean;
  /** Unfolds each step's commands; without it the answer fits one screen. */
  commands: boolean;
  /** Every rule that spoke for and against, with its weight. */
  reasons: boolean;
  places: readonly Place[];
}

type Tint = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan';

const WORDS = {
  zh: {
    likely: '最可能',
    suspected: '疑似',
    over: '已恢复',
    rules: '逐条依据',
    also: '还有',
    benign: '无害',
    sure: '把握',
    because: '依据',
    measured: '测得',
    why: '原因',
    not: '不是',
    or: '也可能',
    check: '核对',
    never: '不要',
    mind: '注意',
    unfold: '加 --commands 展开每步的命令，--why 列出每条规则',
    capture: '重启前先取证（≤5 分钟）',
    steps: '恢复',
    later: '以后',
    corrected: '预案更正',
    unknown: '不认识这段日志',
    unknownNext: '先取证，再把下面的行和签名发给厂商；不要靠猜来重启',
    signature: '签名',
    telling: '最有说明力的行',
    rollback: '回退',
    approve: '需批准',
    phase: { startup: '启动中', running: '运行中', unknown: '阶段未知' },
    approver: {
      duty: '值班即可',
      'lead+owner': '应急负责人+系统主管',
      component: '部件专责',
      'component+lead+owner': '部件专责+应急负责人+系统主管',
    },
    facts: '事实',
    stop: '；',
  },
  en: {
    likely: 'Most likely',
    suspected: 'Suspected',
    over: 'Recovered',
    rules: 'Every rule that spoke',
    also: 'Also',
    benign: 'harmless',
    sure: 'confidence',
    because: 'Because',
    measured: 'Measured',
    why: 'Cause',
    not: 'Not',
    or: 'Or',
    check: 'check',
    never: 'Do not',
    mind: 'Mind',
    unfold: 'add --commands to see the commands of each step, --why every rule that spoke',
    capture: 'Capture before a restart (≤5 min)',
    steps: 'Restore',
    later: 'Later',
    corrected: 'Plan corrected',
    unknown: 'This log is not known',
    unknownNext:
      'Capture first, then send these lines and the signature to the vendor; do not restart on a guess',
    signature: 'Signature',
    telling: 'Most telling lines',
    rollback: 'undo',
    approve: 'needs',
    phase: { startup: 'at start-up', running: 'while running', unknown: 'phase unknown' },
    approver: {
      duty: 'on-duty',
      'lead+owner': 'emergency lead + system owner',
      component: 'component owner',
      'component+lead+owner': 'component owner + emergency lead + system owner',
    },
    facts: 'Facts',
    stop: '; ',
  },
} as const;

/** Below this it is a suspicion. */
const SURE = 0.5;
const MEASURED_SHOWN = 5;
const EVIDENCE_SHOWN = 4;
const WIDE = 160;

/** The diagnosis as a person reads it: what, why, what it is not, what to capture, what to do now and later. */
export function card(diagnosis: Diagnosis, look: Look): string {
  const [best, ...rest] = diagnosis.findings;
  const lines = best === undefined ? unknown(diagnosis, look) : known(best, rest, look);
  return `${lines.join('\n')}\n`;
}

function known(best: Finding, rest: readonly Finding[], look: Look): string[] {
  const words = WORDS[look.lang];
  const tint = tinter(look);
  const lines = [
    headline('🔎', best.confidence < SURE ? words.suspected : words.likely, best, look, 'bold'),
    field(words.why, best.cause[look.lang], tint),
  ];
  lines.push(field(words.because, evidence(best.evidence, look), tint));
  for (const reason of best.reasons.filter((one) => one.recovery === true))
    lines.push(field(words.over, reasonWords(reason, where(reason.line ?? 0, look))[look.lang], tint));
  if (best.measured.length > 0) lines.push(field(words.measured, measured(best.measured, look), tint));
  if (best.ruledOut.length > 0)
    lines.push(
      field(
        words.not,
        best.ruledOut.map((r) => `${r.fault}（${r.because[look.lang]}）`).join(words.stop),
        tint,
      ),
    );
  for (const other of best.otherwise) {
    const check = other.check === undefined ? '' : `  ${tint('dim', `${words.check}: ${other.check}`)}`;
    lines.push(field(words.or, `${other.because[look.lang]}${check}`, tint));
  }
  for (const never of best.mustNot) {
    const text = never[look.lang];
    // Only the first word may move into the label: taken out of the middle, "do not" would turn into "do".
    const forbids = text.startsWith(words.never);
    lines.push(
      field(
        forbids ? words.never : words.mind,
        tint('red', forbids ? text.slice(words.never.length).trim() : text),
        tint,
      ),
    );
  }
  lines.push(...steps(words.capture, best.capture, look, true));
  lines.push(...steps(words.steps, best.steps, look, false));
  lines.push(field(words.later, best.permanent[look.lang], tint));
  if (best.correction !== undefined) lines.push(field(words.corrected, best.correction[look.lang], tint));
  if (look.reasons) lines.push(...rules(best, look));
  if (!look.commands) lines.push(`   ${tint('dim', words.unfold)}`);
  for (const other of rest) {
    lines.push('', headline('·', words.also, other, look));
    lines.push(field(words.because, evidence(other.evidence.slice(0, 2), look), tint));
    if (look.reasons) lines.push(...rules(other, look));
  }
  return lines;
}

function rules(finding: Finding, look: Look): string[] {
  const tint = tinter(look);
  return [
    `   ${tint('cyan', WORDS[look.lang].rules)}`,
    ...finding.reasons.map((one) => `   ${reasonWords(one, where(one.line ?? 0, look))[look.lang]}`),
  ];
}

function headline(mark: string, word: string, finding: Finding, look: Look, weight?: 'bold'): string {
  const words = WORDS[look.lang];
  const tint = tinter(look);
  const title = weight === undefined ? finding.title[look.lang] : tint('bold', finding.title[look.lang]);
  const level = finding.confidence >= 0.8 ? 'green' : finding.confidence >= 0.5 ? 'yellow' : 'dim';
  const parts = [
    `${title} ${tint('dim', `(${finding.fault})`)}`,
    tint(level, `${words.sure} ${finding.confidence.toFixed(2)}`),
    words.phase[finding.phase],
  ];
  if (finding.benign) parts.push(tint('green', words.benign));
  return `${mark} ${word}${look.lang === 'zh' ? '：' : ': '}${parts.join(' · ')}`;
}

function steps(label: string, list: readonly StepAdvice[], look: Look, folded: boolean): string[] {
  if (list.length === 0) return [];
  const words = WORDS[look.lang];
  const tint = tinter(look);
  if (folded && !look.commands)
    return [
      field(label, list.map((step) => `${step.title[look.lang]}${approval(step, look)}`).join(' · '), tint),
    ];
  const lines = [`   ${tint('cyan', label)}`];
  list.forEach((step, index) => {
    const risky = step.risk === 'R3' ? 'red' : step.risk === 'R2' ? 'yellow' : 'dim';
    const number =
      step.number === undefined
        ? ''
        : look.lang === 'zh'
          ? `（步骤${step.number}）`
          : ` (step ${step.number})`;
    lines.push(
      `   ${index + 1}. ${step.title[look.lang]}${number} ${tint(risky, step.risk)}${approval(step, look)}`,
    );
    if (!look.commands) return;
    if (step.note !== undefined) lines.push(`      ${tint('dim', step.note[look.lang])}`);
    for (const command of step.commands) lines.push(`      ${tint('dim', '$')} ${command}`);
    if (step.rollback !== undefined)
      lines.push(`      ${tint('dim', `${words.rollback}: ${step.rollback[look.lang]}`)}`);
  });
  return lines;
}

function approval(step: StepAdvice, look: Look): string {
  const words = WORDS[look.lang];
  return step.approver === 'duty' ? '' : ` → ${words.approve} ${words.approver[step.approver]}`;
}

function unknown(diagnosis: Diagnosis, look: Look): string[] {
  const words = WORDS[look.lang];
  const tint = tinter(look);
  const lines = [`❔ ${tint('bold', words.unknown)} · ${words.unknownNext}`];
  if (diagnosis.telling.length > 0) lines.push(field(words.telling, evidence(diagnosis.telling, look), tint));
  if (diagnosis.measured.length > 0)
    lines.push(field(words.measured, measured(diagnosis.measured, look), tint));
  lines.push(field(words.signature, diagnosis.signature, tint));
  lines.push(...steps(words.capture, diagnosis.capture, look, true));
  if (!look.commands) lines.push(`   ${tint('dim', words.unfold)}`);
  return lines;
}

function evidence(list: readonly Evidence[], look: Look): string {
  return list
    .slice(0, EVIDENCE_SHOWN)
    .map(({ line, text }) => `${where(line, look)} ${printable(text)}`)
    .join('\n        ');
}

function measured(list: Diagnosis['measured'], look: Look): string {
  return list
    .slice(0, MEASURED_SHOWN)
    .map(({ line, says }) => `${printable(says[look.lang])} (${where(line, look)})`)
    .join('\n        ');
}

/** A log may carry terminal commands; printed as they stand they would act on the reader's terminal. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
  const plain = text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '');
  return plain.length > WIDE ? `${plain.slice(0, WIDE)}…` : plain;
}

function where(line: number, look: Look): string {
  if (look.places.length < 2) return `L${line}`;
  const place = [...look.places].reverse().find(({ firstLine }) => firstLine <= line);
  return place === undefined ? `L${line}` : `${place.name}:${line - place.firstLine + 1}`;
}

function field(label: string, text: string, tint: (style: Tint, text: string) => string): string {
  return `   ${tint('cyan', label)} ${text}`;
}

function tinter(look: Look): (style: Tint, text: string) => string {
  return (style, text) => (look.colour ? styleText(style, text) : text);
}
