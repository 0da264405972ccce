import { chartText } from '../../chart/text.ts';
import type { Block, Message } from '../../chat/message.ts';
import type { AdvisedStep, DiagnosedFault, EventOf } from '../../incident/events.ts';
import type { Words } from '../../incident/plan.ts';
import { LOG_FACT, RISK, term } from '../../words/terms.ts';
import { button, buttons, message, say, type Voice } from './context.ts';
import { pastBlocks } from './knowledge.ts';

const PHASE: Readonly<Record<DiagnosedFault['phase'], Words>> = {
  startup: { zh: '启动中', en: 'while starting' },
  running: { zh: '运行中', en: 'while running' },
  unknown: { zh: '时机不明', en: 'phase unknown' },
};

const APPROVER: Readonly<Record<AdvisedStep['approver'], Words>> = {
  duty: { zh: '值班工程师', en: 'duty engineer' },
  'lead+owner': { zh: '应急负责人+系统主管', en: 'emergency lead and system owner' },
  component: { zh: '组件负责人', en: 'component owner' },
  'component+lead+owner': {
    zh: '组件负责人+应急负责人+系统主管',
    en: 'component owner, emergency lead and system owner',
  },
};

/** Below this it is a suspicion. */
const SURE = 0.5;

/** What it is, why, what it is not, what to capture, what to do: one screen, details folded. */
export function diagnosisCard(
  body: EventOf<'FaultDiagnosed'>,
  voice: Voice,
  code: string | null = null,
): Message {
  const [first, ...rest] = body.findings;
  if (!first) return unknown(body, voice);
  const headline = say(voice, {
    zh: `🔎 ${first.confidence < SURE ? '疑似' : '最可能'}：${first.title.zh} · 把握 ${first.confidence.toFixed(2)} · ${PHASE[first.phase].zh}`,
    en: `🔎 ${first.confidence < SURE ? 'Suspected' : 'Most likely'}: ${first.title.en} · confidence ${first.confidence.toFixed(2)} · ${PHASE[first.phase].en}`,
  });
  return message(
    headline,
    'warn',
    [
      ...details(first, voice),
      ...picture(body, voice, code),
      ...orElse(first, voice),
      ...rules(first, voice),
      ...also(rest, voice),
      ...pastBlocks((body.similar ?? []).slice(0, 1), voice),
      ...whatNow(first, voice, body.excerpt),
    ],
    `diagnosis:${body.excerpt}`,
  );
}

function details(finding: DiagnosedFault, voice: Voice): readonly Block[] {
  const evidence = finding.evidence.slice(0, 4);
  const firstLine = evidence[0]?.line ?? 1;
  const facts = Object.entries(finding.facts).slice(0, 8);
  return [
    { block: 'text', text: finding.cause[voice.language] },
    { block: 'note', text: say(voice, { zh: '依据', en: 'Evidence' }) },
    ...evidence.flatMap((one): Block[] => [
      ...(one.file === undefined
        ? []
        : [{ block: 'note', text: `${one.file}:${one.fileLine ?? one.line}` } as const]),
      { block: 'code', code: one.text, startLine: one.line, marked: [one.line] },
    ]),
    ...measured(finding, voice),
    ...(facts.length > 0
      ? [
          {
            block: 'fields',
            fields: facts.map(([name, value]) => ({ label: term(LOG_FACT, name, voice.language), value })),
          } as const,
        ]
      : []),
    ...(finding.ruledOut.length > 0
      ? [
          {
            block: 'text',
            text:
              say(voice, { zh: '不是：', en: 'Not: ' }) +
              finding.ruledOut.map((one) => one[voice.language]).join('；'),
          } as const,
        ]
      : []),
    ...(finding.mustNot.length > 0
      ? [
          {
            block: 'text',
            text: [{ strong: '⛔ ' }, finding.mustNot.map((one) => one[voice.language]).join('；')],
          } as const,
        ]
      : []),
    ...(firstLine > 0 ? captures(finding.capture, voice) : []),
  ];
}

/** What no single line says: which thread stayed, how much time went into collections. */
function measured(finding: DiagnosedFault, voice: Voice): readonly Block[] {
  const list = finding.measured ?? [];
  if (list.length === 0) return [];
  return [
    { block: 'note', text: say(voice, { zh: '测得', en: 'Measured' }) },
    { block: 'list', ordered: false, items: list.slice(0, 4).map((one) => one[voice.language]) },
  ];
}

/** Errors per minute by fault: in characters for every chat, as a picture in the web room. */
function picture(body: EventOf<'FaultDiagnosed'>, voice: Voice, code: string | null): readonly Block[] {
  const { chart, excerpt } = body;
  if (!chart) return [];
  const linked = code !== null && /^[\w.-]{1,100}$/.test(excerpt);
  return [
    {
      block: 'fold',
      summary: say(voice, { zh: '各故障的错误数随时间', en: 'Errors over time, by fault' }),
      blocks: [
        { block: 'code', code: chartText(chart, voice.language), startLine: null, marked: [] },
        ...(linked
          ? [
              {
                block: 'note',
                text: [
                  {
                    link: {
                      label: say(voice, { zh: '看图', en: 'See the picture' }),
                      path: `/i/${code}/chart/${excerpt}.svg`,
                    },
                  },
                ],
              } as const,
            ]
          : []),
      ],
    },
  ];
}

function captures(capture: DiagnosedFault['capture'], voice: Voice): readonly Block[] {
  if (capture.length === 0) return [];
  const code = capture.flatMap((one) => [`# ${one.title[voice.language]}`, ...one.commands]).join('\n');
  return [
    {
      block: 'fold',
      summary: say(voice, {
        zh: `重启前先取证（≤5 分钟）：${capture.map((one) => one.title.zh).join(' · ')}`,
        en: `Capture before a restart (≤5 min): ${capture.map((one) => one.title.en).join(' · ')}`,
      }),
      blocks: [{ block: 'code', code, startLine: null, marked: [] }],
    },
  ];
}

/** What else it could be with the check that decides, and what ends it for good: for after the first reading. */
function orElse(finding: DiagnosedFault, voice: Voice): readonly Block[] {
  const others = finding.otherwise ?? [];
  const { later } = finding;
  if (others.length === 0 && later === undefined) return [];
  const unchecked = others
    .filter(({ check }) => check === null)
    .map(({ because }) => because[voice.language]);
  const checks = others.flatMap(({ because, check }) =>
    check === null ? [] : [`# ${because[voice.language]}`, check],
  );
  return [
    {
      block: 'fold',
      summary: say(voice, {
        zh: '也可能是… · 以后怎么根治',
        en: 'What else it may be · what ends it for good',
      }),
      blocks: [
        ...(unchecked.length > 0 ? [{ block: 'list', ordered: false, items: unchecked } as const] : []),
        ...(checks.length > 0
          ? [{ block: 'code', code: checks.join('\n'), startLine: null, marked: [] } as const]
          : []),
        ...(later === undefined
          ? []
          : [
              {
                block: 'text',
                text: say(voice, { zh: `以后：${later.zh}`, en: `Later: ${later.en}` }),
              } as const,
            ]),
      ],
    },
  ];
}

function rules(finding: DiagnosedFault, voice: Voice): readonly Block[] {
  const items = (finding.reasons ?? []).map((one) => one[voice.language]);
  if (items.length === 0) return [];
  const summary = say(voice, { zh: '为什么：每条规则与分值', en: 'Why: every rule that spoke' });
  return [{ block: 'fold', summary, blocks: [{ block: 'list', ordered: false, items }] }];
}

function also(rest: readonly DiagnosedFault[], voice: Voice): readonly Block[] {
  if (rest.length === 0) return [];
  const items = rest
    .slice(0, 4)
    .map(
      (one) =>
        `${one.title[voice.language]} · ${one.confidence.toFixed(2)}${one.evidence[0] ? ` · L${one.evidence[0].line}` : ''}`,
    );
  return [
    {
      block: 'fold',
      summary: say(voice, { zh: `另有 ${rest.length} 项`, en: `${rest.length} more` }),
      blocks: [{ block: 'list', ordered: false, items }],
    },
  ];
}

function whatNow(finding: DiagnosedFault, voice: Voice, excerpt: string): readonly Block[] {
  if (finding.steps.length === 0) return [];
  const items = finding.steps.map((step) => {
    const need =
      step.risk === 'R0'
        ? ''
        : say(voice, {
            zh: ` → 需 ${APPROVER[step.approver].zh} 批准`,
            en: ` → ${APPROVER[step.approver].en} approve`,
          });
    return `${step.title[voice.language]} · ${RISK[step.risk][voice.language]}${need}`;
  });
  const commands = finding.steps.filter((step) => step.commands.length > 0);
  const proposals = finding.steps
    .filter((step) => step.risk !== 'R0')
    .slice(0, 4)
    .map((step) =>
      button(say(voice, { zh: `提议：${step.title.zh}`, en: `Propose: ${step.title.en}` }), 'propose', {
        step: step.id,
      }),
    );
  return [
    { block: 'note', text: say(voice, { zh: '恢复', en: 'Restore' }) },
    { block: 'list', ordered: true, items },
    ...(commands.length > 0
      ? [
          {
            block: 'fold',
            summary: say(voice, { zh: '展开命令', en: 'Commands' }),
            blocks: [
              {
                block: 'code',
                code: commands
                  .flatMap((step) => [`# ${step.title[voice.language]}`, ...step.commands])
                  .join('\n'),
                startLine: null,
                marked: [],
              },
            ],
          } as const,
        ]
      : []),
    ...buttons(
      ...proposals,
      button(say(voice, { zh: '记为原因', en: 'State as cause' }), 'cause', {
        text: finding.cause[voice.language],
      }),
      button(say(voice, { zh: '记入时间线…', en: 'To the timeline…' }), 'diagnose', {
        timeline: 'yes',
        excerpt,
      }),
    ),
  ];
}

/** The clearest lines of a log that no entry knows, with their numbers. */
function tellingBlocks(
  telling: NonNullable<EventOf<'FaultDiagnosed'>['telling']>,
  voice: Voice,
): readonly Block[] {
  if (telling.length === 0) return [];
  return [
    { block: 'note', text: say(voice, { zh: '最有说明力的行', en: 'Most telling lines' }) },
    ...telling.map(
      (one): Block => ({ block: 'code', code: one.text, startLine: one.line, marked: [one.line] }),
    ),
  ];
}

function unknown(body: EventOf<'FaultDiagnosed'>, voice: Voice): Message {
  return message(
    say(voice, {
      zh: '🔎 不是已知故障：先取证，再请上一级看',
      en: '🔎 No known fault: capture first, then ask the next tier',
    }),
    'plain',
    [
      {
        block: 'note',
        text: say(voice, { zh: '特征（变量已隐去）', en: 'Signature (variable parts masked)' }),
      },
      { block: 'code', code: body.signature, startLine: null, marked: [] },
      ...tellingBlocks(body.telling ?? [], voice),
      ...pastBlocks(body.similar ?? [], voice),
      ...captures(body.capture ?? [], voice),
      ...buttons(
        button(say(voice, { zh: '升级…', en: 'Escalate…' }), 'escalate', {}),
        button(say(voice, { zh: '类似事件', en: 'Similar incidents' }), 'similar', {}),
      ),
    ],
    `diagnosis:${body.excerpt}`,
  );
}
