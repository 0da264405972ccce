import { diagnose, type Fault, type Knowledge, onlyFault } from '../diagnosis/index.ts';
import type { Alarm, Trial } from '../incident/learning.ts';
import type { Incident } from '../incident/state.ts';
import type { Store } from '../store/port.ts';
import type { Entry } from './entry.ts';
import type { Sample } from './samples.ts';

/** From here on a finding is taken for one. */
const SURE = 0.5;
const PAGE = 200;
const ALARMS_SHOWN = 20;
const ALARM_CHARS = 300;

/**
 * Tries an entry on every stored log of other incidents and on the samples of the knowledge. An alarm is what it
 * takes for its fault there, unless that log has the signature of the log it was learnt from and nobody knew it, or
 * the incidents are linked: then it is the same problem again.
 */
export async function tryEntry(
  entry: Entry,
  own: { readonly incident: Incident; readonly signature: string },
  deps: { readonly store: Store; readonly knowledge: Knowledge; readonly samples: readonly Sample[] },
): Promise<Trial> {
  const { fault } = entry;
  const alone = onlyFault(deps.knowledge, fault);
  const mayHold = prefilter(fault);
  const alarms: Alarm[] = [];
  const also = new Set<string>();
  let excerpts = 0;
  for (let after = 0; ; ) {
    const page = await deps.store.excerpts(after, PAGE);
    for (const { row, incident, message, text } of page) {
      after = row;
      if (incident === own.incident.id) continue;
      excerpts += 1;
      const hit = mayHold(text) ? hitOf(text, alone) : null;
      if (hit === null) continue;
      const other = (await deps.store.load(incident))?.incident;
      if (!other) continue;
      if (isSame(other, message, own)) also.add(other.code);
      else if (alarms.length < ALARMS_SHOWN) alarms.push({ where: other.code, ...hit });
    }
    if (page.length < PAGE) break;
    // Pages and clocks do not wait for the end of a long trial.
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (const sample of deps.samples) {
    if (sample.fault === fault.id || !mayHold(sample.text)) continue;
    const hit = hitOf(sample.text, alone);
    if (hit !== null && alarms.length < ALARMS_SHOWN)
      alarms.push({ where: `knowledge/${sample.file}:${sample.line}`, ...hit });
  }
  const confidence = diagnose(entry.sample, alone).findings[0]?.confidence ?? 0;
  return { confidence, excerpts, samples: deps.samples.length, alarms, also: [...also].sort() };
}

function hitOf(text: string, alone: Knowledge): Omit<Alarm, 'where'> | null {
  const [found] = diagnose(text, alone).findings;
  if (!found || found.confidence < SURE) return null;
  const [evidence] = found.evidence;
  return { line: evidence?.line ?? 0, text: (evidence?.text ?? '').slice(0, ALARM_CHARS) };
}

function isSame(other: Incident, message: string, own: { incident: Incident; signature: string }): boolean {
  const linked =
    own.incident.links.some((one) => one.to === other.code) ||
    other.links.some((one) => one.to === own.incident.code);
  if (linked) return true;
  return other.diagnoses.some(
    (one) =>
      one.excerpt === message &&
      one.signature === own.signature &&
      !one.findings.some((finding) => finding.confidence >= SURE),
  );
}

/**
 * Most logs hold none of the entry's literals, and saying so costs a hundredth of a diagnosis. Only letters and
 * digits are compared, because quotes, dashes and blanks are what normalising changes; a text with escapes is not
 * judged so quickly.
 */
function prefilter(fault: Fault): (text: string) => boolean {
  const wanted = fault.anchors.flatMap((rule) => rule.literals.map(bare));
  return (text) => {
    if (text.includes('&') || text.includes('\\')) return true;
    const own = bare(text);
    return wanted.some((literal) => own.includes(literal));
  };
}

function bare(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}
