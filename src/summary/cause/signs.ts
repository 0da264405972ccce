import { formsOfDeed } from '../deeds.ts';
import type { Note } from '../reading.ts';
import { marksFor } from '../rules.ts';
import { clausesOf, has, marksIn, type Sentence } from '../speech.ts';
import { fails, inside, people } from '../trouble.ts';
import { content, mechanism } from './evidence.ts';

const marks = marksFor([
  'breakage',
  'part',
  'causeState',
  'causeLink',
  'contrast',
  'symptom',
  'alert',
  'detect',
  'onset',
  'done',
  'doing',
  'plan',
  'propose',
  'deny',
  'recovered',
  'recoveredWeak',
  'partial',
  'closed',
  'notRecovered',
  'futureRecovery',
  'impactMark',
  'deployed',
  'escalate',
  'workaround',
  'noImpact',
]);

/** Something that was done to the system before it broke. */
const touched =
  /(?:昨[晚天夜日]|半夜|凌晨|夜里|刚刚?|早上|今早|上午|中午|上周|之前)[^，,。]{0,12}(?:升级|切|改|换|重建|发布|上线|更新|迁移?|割接|动|扩|清|删|导|跑|轮换)|(?:升级|切|改|换|重建|迁|动|割接|轮换|扩|调整|更新)过|\b(?:after|since) (?:the |an? |some |last )?(?:\w+ ){0,2}(?:upgrade|updates?|deploy\w*|migration|change|reboot|release|maintenance)\b/i;
const asksWhy =
  /原因|为啥|为什么|怎么回事|咋回事|啥问题|什么问题|什么情况|怎么了|\bwhy\b|what happened|what's going on/i;
const itWas = /^(?:原来|就|确实|果然)*是(?!不是|否|的|吗|啊|吧)|^(?:it|this|that) (?:was|is|were)\b/i;
const unfound =
  /\b(?:not|never|un)\s?(?:been )?(?:identified|known|found|clear|determined|understood)\b|\bunknown\b|without (?:a )?(?:known )?(?:cause|reason)|原因(?:不明|未明|未知|在查|待查|还在|正在)|不知道|没看出|还没看|没查到|未查明/i;
const template =
  /^(?:and|so|but|then|which|also)\b|\b(?:explored|acceptance criteria|stating|state[sd] that)\b|\binvestigat\w+ (?:the )?(?:root )?cause\b/i;
export const ownTrouble =
  /\b(?:i'm|i am|i've|i have|we're|we are|i)\s(?:been\s)?(?:hav|see|gett|experienc)\w+|\bfor me\b|\bi (?:can't|cannot|get|got|see)\b|我这(?:边|里)?(?:也|还)?/i;
export const namedAlone =
  /\broot[ -]cause\b(?!\s*(?:was|is|:|：|identified|found|confirmed|of\b.{2,80}\b(?:was|is)))|(?:根本原因|根因|故障原因|问题原因)(?![：:是为在就找查已])/i;
const firstLook = /初步|暂时看|目前看|看起来|先看到/;
const becauseOf = /由于|因为|缘于|\b(?:because|due to|caused by|as a result of|owing to|thanks to)\b/i;
const firstPerson = /^(?:i|we|my|our)\b|^我(?!们的)/i;
const anyNumber = /\d/;

/** What the words of a possible cause tell. */
export function causeSigns(value: string, sentence: Sentence, before: Note | undefined): string[] {
  const { hits, text } = sentence;
  const signs: string[] = marksIn(hits, marks);
  const latin = !/[\u3400-\u9fff]/.test(value);
  if (mechanism.test(value)) signs.push('what breaks others');
  if (touched.test(text)) signs.push('something was changed before');
  if (itWas.test(text)) signs.push('begins with it was');
  if (unfound.test(text)) signs.push('not found yet');
  if (latin && template.test(value)) signs.push('half a sentence');
  if (ownTrouble.test(text)) signs.push('the trouble of who writes');
  if (namedAlone.test(text)) signs.push('root cause without saying which');
  if (firstLook.test(text)) signs.push('at first sight');
  if (becauseOf.test(text)) signs.push('says because');
  if (firstPerson.test(value)) signs.push('first person');
  if (fails(value, hits)) signs.push('failing');
  if (people.test(value)) signs.push('names people');
  if (inside.test(value)) signs.push('inside the machine');
  if (anyNumber.test(value)) signs.push('with a number');
  const where = clausesOf(sentence).filter((clause) => value.includes(clause.text));
  if (where.some((clause) => has(clause.hits, 'breakage', 'causeState')))
    signs.push('broken in so many words');
  if (
    where.every((clause) => has(clause.hits, 'done', 'doing', 'plan') || formsOfDeed(clause.text).length > 0)
  )
    signs.push('nothing but a deed');
  const size = content(value);
  if (size < 7) signs.push('short');
  if (size > 45) signs.push('long');
  if (before?.sentences.some((each) => each.question) && asksWhy.test(before.text)) signs.push('answers why');
  if (latin) signs.push('English');
  return signs;
}
