import type { DiagnosedFault } from '../src/incident/events.ts';
import type { Incident } from '../src/incident/state.ts';
import { ask, type Call, type ChatCommand, type Outcome, show } from './command.ts';

const TO_TIMELINE = /^\s*(?:--to-timeline|--记入时间线|记入时间线)\s*$/;

export const diagnose: ChatCommand = {
  name: 'diagnose',
  zh: ['诊断'],
  en: ['diagnose'],
  usage: {
    zh: '诊断 （粘贴日志） | 诊断 --to-timeline',
    en: 'diagnose (paste a log) | diagnose --to-timeline',
  },
  about: {
    zh: '识别一段日志；把日志事实记入时间线',
    en: 'recognise a log excerpt; put its facts on the timeline',
  },
  needsIncident: true,
  takes: ['paste-log', 'add-log-facts'],
  run: (call) => {
    const text = call.args.text ?? call.text;
    if (call.args.timeline !== undefined || TO_TIMELINE.test(text)) return toTimeline(call);
    if (!text.trim())
      return ask(call, 'diagnose', {
        title: { zh: '诊断日志', en: 'Diagnose a log' },
        label: { zh: '粘贴日志', en: 'Paste the log' },
      });
    return { kind: 'diagnose', text };
  },
};

type Diagnosed = Incident['diagnoses'][number];

/** Nothing of a log enters the record before a person has said yes, and has said which zone its times are in. */
function toTimeline(call: Call): Outcome {
  const zh = call.language === 'zh';
  const wanted = call.args.excerpt;
  const found = call.incident?.diagnoses.findLast(
    (one) => one.findings.length > 0 && (wanted === undefined || one.excerpt === wanted),
  );
  if (found === undefined)
    return show(
      zh
        ? '还没有认出故障的日志。先粘贴日志或拖入文件，再记入时间线。'
        : 'No log with a recognised fault yet. Paste a log or drop a file first.',
    );
  if (found.onTimeline === true)
    return show(zh ? '这份日志的事实已在时间线上。' : 'The facts of this log are on the timeline already.');
  const { zone } = call.args;
  if (zone !== undefined)
    return { kind: 'log-facts', excerpt: found.excerpt, zone: zone === 'unknown' ? null : zone };
  return confirm(call, found);
}

function confirm(call: Call, found: Diagnosed): Outcome {
  const zh = call.language === 'zh';
  const unsaid = found.findings.map(unsaidTime).find((time) => time !== undefined);
  const titles = found.findings.map((one) => one.title[call.language]).join(zh ? '、' : ', ');
  return {
    kind: 'ask',
    form: {
      title: zh ? '把日志事实记入时间线' : 'Put the facts of the log on the timeline',
      command: 'diagnose',
      args: { timeline: 'yes', excerpt: found.excerpt },
      fields: [
        {
          name: 'zone',
          type: 'choice',
          required: true,
          ...(unsaid === undefined
            ? {
                label: zh ? `将记入：${titles}` : `To be added: ${titles}`,
                value: 'unknown',
                options: [
                  { value: 'unknown', label: zh ? '按日志所写的时间' : 'at the times the log gives' },
                ],
              }
            : {
                label: zh
                  ? `日志写的是“${unsaid}”，没有说清时区。那台主机的时区是？（将记入：${titles}）`
                  : `The log says "${unsaid}" without a clear zone. Which zone is that host in? (To be added: ${titles})`,
                options: ZONES.map(([value, name]) => ({ value, label: name[call.language] })),
              }),
        },
      ],
      submit: zh ? '记入时间线' : 'Add to the timeline',
    },
  };
}

/** `CST` is China's and America's: it is asked, never guessed. */
const ZONES = [
  ['+08:00', { zh: '中国标准时间（UTC+8）', en: 'China Standard Time (UTC+8)' }],
  ['+00:00', { zh: '协调世界时（UTC）', en: 'UTC' }],
  ['-06:00', { zh: '美国中部标准时间（UTC−6）', en: 'US Central Standard Time (UTC-6)' }],
  ['-05:00', { zh: '美国中部夏令时（UTC−5）', en: 'US Central Daylight Time (UTC-5)' }],
  ['unknown', { zh: '不知道：只记日志原文的时间', en: 'not known: keep the time as printed' }],
] as const;

function unsaidTime({ facts }: DiagnosedFault): string | undefined {
  return facts.firstAt === undefined ? facts.firstTime : undefined;
}
