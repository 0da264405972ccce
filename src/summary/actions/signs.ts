import { formsOfDeed } from '../deeds.ts';
import type { Note } from '../reading.ts';
import { bitsOf, type Kind, marksFor } from '../rules.ts';
import { type Clause, has, hasAny, hitOf, marksIn, type Sentence } from '../speech.ts';
import { isFailing, people } from '../trouble.ts';

/** Who is who, as far as the talk shows: whoever told of the trouble first is seldom the one who mends it. */
export interface Cast {
  reporter: string | null;
  monologue: boolean;
}

const telling = bitsOf(['done', 'doing', 'plan']);

/** Kinds of which the mere presence in the clause is a sign. */
const marks = marksFor([
  'done',
  'doing',
  'plan',
  'hedge',
  'propose',
  'approve',
  'reject',
  'deny',
  'detect',
  'alert',
  'escalate',
  'arrival',
  'workaround',
  'mitigated',
  'recovered',
  'recoveredWeak',
  'partial',
  'closed',
  'futureRecovery',
  'causeRoot',
  'causeFound',
  'causeLink',
  'causeState',
  'symptom',
  'onset',
  'history',
  'deployed',
  'impactMark',
  'notRecovered',
]);

const circumstance =
  /^(?:after|due to|because of|owing to|since|when|while|if|as|until|once|unless|before) /i;
const thanks = /\b(?:thanks|thank you|sorry|apolog\w+)\b|谢谢|感谢|辛苦|抱歉|不好意思/i;
const aloneStanding = /^(?:this|it|that|which|these|there|how|who|what|some|all|most|they)\b/i;
const courtesy =
  /\b(?:(?:provide|post|share|give) (?:\w+ ){0,2}(?:updates?|more|details?)|stay tuned|more information|keep you|keep everyone|we expect|hear back|let (?:me|us|you) know|will reopen|look into|looking into)\b|敬请|深表歉意|请及时|欢迎/i;
const stateZh = /^(?:可以|能|又能|都能|开始)[\u3400-\u9fff]{1,4}了|(?:关|散|撤)了?吧$|就不[\u3400-\u9fff]+了/;
const asksZh = /谁|什么|哪|怎么|多少|几|为啥|为什么|何时/;
const finished = /已|了|完/;
const acknowledges = /^(?:好的?|收到|行|ok|okay|嗯|明白|知道了?|👌|can do|will do|sure|yes|yep|no)\b/i;
const negated = /\b(?:not|never|cannot|no)\b|n't\b|没有?|未|不(?!断|停|了解|久)/i;
const befell =
  /^[^把将]{0,10}(?:停|断|掉|跳|挂|坏|烧|满|没|崩|死|炸|丢|起|通|好|来|走|动|过|出|开|回|恢复|上来|起来|下来)了/;
const unmarkedThing = /^(?:the|a|an|our|my|its|their|some)\s/i;
const bySomebodyElse =
  /\b(?:users?|customers?|clients?|students?|people|cursor|browser|page|server|pods?|nodes?|jobs?|builds?|queue|logs?|metrics|alerts?|errors?|traffic|backlog|instance|service)\b/i;

/** Everything that speaks for or against a clause as something that was done or agreed; null when nothing does. */
export function actionSigns(
  clause: Clause,
  sentence: Sentence,
  note: Note,
  cast: Cast,
  order: number,
): string[] | null {
  const { hits, text } = clause;
  const forms = formsOfDeed(text);
  if (!hasAny(hits, telling) && forms.length === 0) return null;
  const signs = forms;
  const latin = !/[\u3400-\u9fff]/.test(text);
  for (const mark of marksIn(hits, marks)) signs.push(latin ? (english.get(mark) ?? mark) : mark);
  const verb = hitOf(hits, 'done', 'doing', 'plan');
  if (latin && verb !== undefined) {
    const lead = sentence.text.slice(clause.start, verb.start).trim();
    const words = lead === '' ? 0 : lead.split(/\s+/).length;
    signs.push(words === 0 ? 'verb first' : words <= 3 ? 'verb early' : 'verb late');
    if (/\b(?:has|have|been|was|were|is|now|got)\s*$/i.test(lead)) signs.push('verb after be or have');
    if (/\b(?:to|the|a|an|of|any|no|this|that|for|with|our|your)\s*$/i.test(lead))
      signs.push('verb as a noun');
    if (/\b(?:i|we|team|he|she|they|@\w+)\b/i.test(lead)) signs.push('a doer before the verb');
  }
  if (has(sentence.hits, 'conditional')) signs.push('conditional');
  if (has(sentence.hits, 'retract', 'notFalseAlarm')) signs.push('taken back');
  if (sentence.item) signs.push('list item');
  if (note.entry) signs.push(latin ? 'entry' : 'entry zh');
  else if (cast.monologue) signs.push('monologue');
  else if (note.author !== null && note.author === cast.reporter) signs.push('by who reported');
  if (isFailing(clause)) signs.push(has(hits, 'done') ? 'failing beside a deed' : 'failing');
  if (circumstance.test(text)) signs.push('circumstance');
  if (thanks.test(text)) signs.push('thanks');
  if (aloneStanding.test(text)) signs.push('leans on what was said');
  if (courtesy.test(text)) signs.push('courtesy');
  if (stateZh.test(text)) signs.push('tells how it is');
  if (asksZh.test(text)) signs.push(finished.test(text) ? 'asks, finished' : 'asks');
  if (acknowledges.test(text)) signs.push('acknowledges');
  if (negated.test(text)) signs.push('negated');
  if (!latin && befell.test(text)) signs.push('befell');
  if (latin && unmarkedThing.test(text)) signs.push('a thing first');
  if (latin && bySomebodyElse.test(text.slice(0, 40)) && !/^(?:i|we)\b/i.test(text))
    signs.push('a thing acts');
  if (!latin && people.test(text)) signs.push('names people');
  if (!latin && text.length <= 4) signs.push('very short');
  if (text.length > 90) signs.push('long');
  if (order > 0) signs.push('later clause');
  return signs;
}

/** In English these words are nouns as often as verbs, and weigh otherwise. */
const english: ReadonlyMap<Kind, string> = new Map(
  (['done', 'doing', 'plan', 'symptom', 'propose', 'hedge'] as const).map((kind) => [kind, `en ${kind}`]),
);
