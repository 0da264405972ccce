import type { Hit } from './rules.ts';
import { type Clause, has, type Sentence } from './speech.ts';

/** Says that something does not work, and is not merely the name of a trouble ("the outage", "errors"). */
export const failing =
  /无法|不了|不上|不进|不通|打不开|不可用|不可达|失败|报错|报\s?\d{3}|返回\s?\d{3}|\b50[0-4]\b|宕|中断|白屏|黑屏|瘫痪|停摆|死机|卡死|卡住|转圈|超时|很慢|变慢|特别慢|不能|没反应|无响应|异常|掉线|离线|断网|断开|丢失|错乱|乱码|空白|延迟|积压|堆积|重复扣|不存在|不显示|出不来|起不来|发不出|缓慢|失灵|堵在|[很太好]卡|特别卡|卡得|不(?:走|动|上传|下发|刷新|更新|同步|回包|出数|叫号|弹|响应)(?:了|$|[，。 ])|不(?!是|要|用|会|过|行|知|急|客|影|受|同|建|升|报|卡|慢|丢|超|断|掉|闪|堵|抖|重|错|红|告|飙|涨|排|说|管|想|去|来|查|等|吵|抢|发|改|关|重)[\u3400-\u9fff]{1,3}了|收不到|退信|断断续续|跌至|跌到|下跌|掉到|降到|挂死|\bHTTP [45]\d\d\b|\b(?:unable|not being able|not able|offline(?! (?:setup|mode|environment|install|backup|copy|use))|cannot|can't|can not|could ?n[o']t|(?:is|are|was|were|went|goes|being|been|both|all|site|service) (?:\w+ )?(?:down|unavailable|unreachable|failing|broken|offline|degraded|slow|stuck|empty|stale)|unavailable|unreachable|inaccessible|failing|fails|failed to|failed|(?:does|do|did|would|will)(?: not|n't) (?:work|load|launch|respond|start|open|resolve|connect|display|show|render|complete|return|accept|arrive|come|boot|mount|save|send|receive|sync|log|go)|not (?:work|load|launch|respond|resolv)\w*|no space left|OOMKilled|null|(?:returning|returned|returns|seeing|saw|see|getting|received?|increased|elevated|high|numerous|lots? of|many)(?: \w+){0,2} (?:errors?|50\d|5xx|timeouts?|pods)|error rates?|(?:times?|start|starts|started) out|timing out|timed out|timeouts|timeout(?! (?:handling|sett|value|of|for|to|from|is|was|bump|change|config|limit|increase))|read-only|slow(?:s|ed) down|stopped (?:for|at|around|since)|missing|stalled|stuck|stopped \w+ing|stops? (?:after|at|working|responding)|hangs?|hung|(?:is|are) locked|(?:queue|backlog|lag)(?: \w+){0,4} (?:grows?|growing|grew|rises?|rising|piling)|(?:certificate|security|error) (?:warning|page|message)s?|slow(?:ly)?|degrad\w+|runs? out of memory|ran out of memory)\b/i;

/** The same of a sentence or clause, which keeps the answer: many rules ask. */
export function isFailing(part: Sentence | Clause): boolean {
  part.failing ??= fails(part.text, part.hits);
  return part.failing;
}

/** The same, with the phrases of the rules. */
export const fails = (text: string, hits: readonly Hit[]): boolean =>
  has(hits, 'fails') || failing.test(text);
