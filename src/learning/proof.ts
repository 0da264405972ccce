import { diagnose, type Knowledge } from '../diagnosis/index.ts';
import type { Sample } from './samples.ts';

/** From here on a finding is taken for one. */
const SURE = 0.5;

/** A place in a knowledge folder and what is wrong there, with the fix. */
export interface Flaw {
  readonly file: string;
  readonly line: number;
  readonly zh: string;
  readonly en: string;
}

/** What the samples say against the entries; empty when every one is met. */
export function breaches(knowledge: Knowledge, samples: readonly Sample[]): readonly Flaw[] {
  return samples.flatMap((sample) => {
    const words = breach(knowledge, sample);
    return words === null ? [] : [{ file: sample.file, line: sample.line, ...words }];
  });
}

function breach(knowledge: Knowledge, sample: Sample): { readonly zh: string; readonly en: string } | null {
  const { findings } = diagnose(sample.text, knowledge);
  const at = findings.findIndex((one) => one.fault === sample.fault);
  const mine = findings[at];
  const sure = (mine?.confidence ?? 0).toFixed(2);
  if (sample.rules.length === 0) {
    if ((mine?.confidence ?? 0) < SURE) return null;
    return {
      zh: `误报：${sample.fault} 把这段当成了自己（把握 ${sure}）；反例说明：${sample.why}。给命中的锚点加排除（not）或收紧 pattern`,
      en: `false alarm: ${sample.fault} takes it for its own (${sure}), though: ${sample.why}. Add a guard (not) or narrow the pattern`,
    };
  }
  const spoke = new Set(mine?.reasons.map((reason) => reason.rule) ?? []);
  const silent = sample.rules.filter((rule) => !spoke.has(rule));
  if (silent.length > 0)
    return {
      zh: `${sample.fault} 的规则 ${silent.join('、')} 没有命中这段；检查 literals 与 pattern，或改样例`,
      en: `the rules ${silent.join(', ')} of ${sample.fault} do not speak here; check literals and pattern, or the sample`,
    };
  if (sample.suspicion)
    return (mine?.confidence ?? 0) < SURE
      ? null
      : {
          zh: `样例标为疑似（?），但把握已有 ${sure}；去掉问号或减小 weight`,
          en: `marked as a suspicion (?), yet the confidence is ${sure}; drop the mark or lower a weight`,
        };
  if ((mine?.confidence ?? 0) < SURE)
    return {
      zh: `${sample.fault} 把握只有 ${sure}（需 ≥ ${SURE}）；加大 weight 或补锚点`,
      en: `${sample.fault} is only ${sure} sure (${SURE} is needed); raise a weight or add an anchor`,
    };
  const wanted = sample.second ? 1 : 0;
  if (at === wanted) return null;
  return {
    zh: `${sample.fault} 应排第 ${wanted + 1}，实际第 ${at + 1}，前面是 ${findings[0]?.fault ?? ''}；在另一条目加排除，或用 explains 说明谁是根因`,
    en: `${sample.fault} should stand at ${wanted + 1} and stands at ${at + 1} behind ${findings[0]?.fault ?? ''}; guard the other entry, or say with explains which one is the root`,
  };
}

/** What the samples lack: rules they name that do not exist, entries that nothing proves. */
export function unproven(knowledge: Knowledge, samples: readonly Sample[]): readonly Flaw[] {
  const flaws: Flaw[] = [];
  for (const sample of samples) {
    const fault = knowledge.faults.get(sample.fault);
    if (!fault) {
      flaws.push({
        file: sample.file,
        line: sample.line,
        zh: `没有条目 ${sample.fault}：样例文件要与条目同名`,
        en: `there is no entry ${sample.fault}: name the file after its entry`,
      });
      continue;
    }
    const known = new Set([...fault.anchors, ...fault.context, ...fault.recovery].map((rule) => rule.id));
    for (const rule of sample.rules.filter((one) => !known.has(one)))
      flaws.push({
        file: sample.file,
        line: sample.line,
        zh: `${sample.fault} 没有规则 ${rule}；它有：${[...known].join('、')}`,
        en: `${sample.fault} has no rule ${rule}; it has ${[...known].join(', ')}`,
      });
  }
  const proven = new Set(samples.filter((one) => one.rules.length > 0).map((one) => one.fault));
  for (const fault of knowledge.faults.values())
    if (!proven.has(fault.id))
      flaws.push({
        file: `faults/${fault.id}.yaml`,
        line: 1,
        zh: `没有样例：在 samples/${fault.id}.txt 写一段“=== +规则名”和它要认出的日志`,
        en: `no sample: write a block "=== +rule" with a log it must find into samples/${fault.id}.txt`,
      });
  return flaws;
}
