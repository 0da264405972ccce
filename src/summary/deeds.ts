/**
 * Chinese says that a thing is done with 已 before a verb or a complement behind it (摘掉了, 改好了, 补发完). The
 * states that are no deeds (已知, 已过期, 已恢复) are left out.
 */
const already =
  /已经?\s?(?![一二三四五六七八九十几两]{1,3}[个家台条笔单点分小天多]|知|\d|排|等|好|用|停线|满|有|达|是|满|超|过期|到期|恢复|断|查|确认|收|读|处于|在|能|可|无|不|没|经|影响|受|连|持续|出现|发现|挂|宕|停止响应)[从向由把将对]?[\u4e00-\u9fff]{0,8}/;
const complement =
  /(?:重启|刷新|重置|更换|替换|切换|回滚|回退|扩容|清理|清空|删除?|改|换|加|补|调|停|关|开|摘|拆|插|拔|装|升级|更新|导入|导出|迁移?|隔离|限流|降级|熔断|屏蔽|放通|解锁|释放|杀|备份|抓|留|存|退|发布?|撤|部署|上线|下线|推送|修复?|修改|配置?|绑定?|拉起|启动|挂载|重跑|重建|重装|重新[\u4e00-\u9fff]{2}|续签?|续费|报|提交?|联系|通知|呼叫|派)(?:(?:掉|好|完|上|回|成|到|起来|过|出去)?了|完毕|完成)/;
const saved = /先(?:把)?[^，。；]{0,12}(?:存|留|备份|导出?|抓|保存)[^，。；]{0,6}(?:份|下|一下|出来|底)/;

/** "路由切到另外两家", "快照挪到凌晨": moved from one place to another. */
const moved =
  /(?:切|挪|改|调|迁|转|移|指|倒|导|引)(?:到|成|回来?|至|往)\s?(?:了\s?)?[\dA-Za-z\u3400-\u9fff]{2}/;
/** "让他们先切备线": a task that was handed to somebody. */
const handedOver =
  /^(?:我|我们|已|已经|赶紧|马上)*(?:让|叫|请|催|通知|联系)[^，,。让]{1,8}?(?:先|把|去|来|尽快|马上)?(?:切|改|关|停|重启|补|处理|修|换|退|导|推|回滚|重发|重跑|加急|抢修|核对|上门|到场)/;

const makeshift = /^(?:先|临时|紧急|手动|手工|人工)+(?:放行|放|把|将|给|走|放开|关|开|切|改|换|绕)/;

export const didSomething = (text: string): boolean =>
  already.test(text) ||
  complement.test(text) ||
  moved.test(text) ||
  handedOver.test(text) ||
  saved.test(text) ||
  makeshift.test(text);

/** "Raised the limit", "I also queued the missed events": a verb in the past at the head, not one of seeing or failing. */
const englishDeed =
  /^(?:(?:i|we|they|he|she|team|ok|and|then|so|also|just|now|have|has|'ve|i've|we've)[\s,]+){0,4}(?!report|notic|detect|confirm|reali[sz]|identif|look|seem|fail|happen|experienc|receiv|need|want|agree|ask|crash|expir|observ|discover|suspect|believ|stopp|appear|join|acknowledg|wonder|end|los|us|learn|recover|resolv|continu|remain|return|unaffect|affect|impact|relat|schedul|expect|supposed|indeed)[a-z-]{3,14}ed\b(?!\s*$)/i;

/** Verbs that tell what befell or what was perceived, and no deed. */
const noDeed =
  'affect|impact|report|notic|expect|identif|see|know|need|requir|caus|relat|fail|resolv|crash|stop|lock|block|delay|degrad|believ|suspect|suppos|allow|attribut|attach|evict|terminat|kill|unaffect|los|broken|driven|given|taken|hidden|written|spoken|mistaken|shaken|forgotten|frozen|stuck|concern|interest|plan|confus|unplann|satisfi|overload|saturat|exhaust|damag|corrupt|drop|reject|deni|ignor|forc|fill|claim|hit|met|present|consider|recover|heal|prevent|happen|seem|look|appear|feel|remain|continu|persist|exist|mean|suggest|indicat|reveal|begin|start|wait|ask|believ|think|hop|want|say|enter|experienc|receiv|suffer|join|acknowledg|agree|insist|assum|hear|monitor|investigat|confirm|observ|discover|alert|note|notes|review|tri|serv|work|enabl|say|tell|told|contain|declar|carr|increas|decreas|improv|stabili|complet|accept|succeed|show';
/** "Engineer shares the logs", "HMPPS developers apply an exclusion": who does it stands before the verb. */
const personDoes = new RegExp(
  String.raw`\b(?:engineers?(?:-\d+)?|team|lead|admins?(?:-\d+)?|developers?|ops|operators?|sres?|provider|platform|vendor|staff|[a-z]+-\d+)\s+(?:also\s|then\s|now\s|finally\s|manually\s)?(?!${noDeed}|with\b|who\b|and\b|in\b|has\b|have\b|is\b|are\b|was\b|were\b|will\b|would\b)(?:[a-z]{2,}(?:s|ed)|apply|create|make|publish|deploy|push|communicate|complete|conduct|roll|put|set|cut|run|send|post|revert|restart|disable|enable)\b`,
  'i',
);
const passiveDeed = new RegExp(
  String.raw`\b(?:is|are|was|were|been|being)\s+(?:\w+ly\s|then\s|again\s|also\s){0,2}(?!${noDeed})(?:[a-z-]{3,}ed|[a-z-]*(?:made|sent|ught|ilt)|set|put|cut|reset|shut|undone|done)\b`,
  'i',
);
/** "Git history purged", "Comms distributed in the channel". */
const headless = new RegExp(
  String.raw`^(?:the\s|a\s)?(?:[\w\`'#./-]+\s){1,5}(?!${noDeed})(?:[a-z]{3,}ed|sent|built|rebuilt)\b`,
  'i',
);
/** "Checking the audit log", "turning on apaches", "Began draining the old nodes". */
const going = new RegExp(
  String.raw`^(?:now\s|began\s|begin\s|begins\s|started\s|starts\s|start\s)?(?!${noDeed}|being|having|going|getting|missing|during|according|nothing|something|everything|following|including|using|trying|arriving|timing|running|growing|rising|upcoming|morning|evening|pending|remaining|existing|ongoing)[a-z]{3,}ing\s(?!is\b|was\b|are\b|were\b|of\b|has\b|fails?\b|and\b|to\b)`,
  'i',
);
const unreal = /\b(?:not|never|n't|should|would|could|might|may|can|if|to be|nothing|nobody)\b|n't\b/i;

/** "Had to upgrade the instance", "will redo the alerting": done, or promised by who does it. */
const hadTo =
  /^(?:(?:i|we|so|and)\s)*(?:had to|have to|need to|(?:i|we)?'?(?:ll| will)|will)\s(?!look|see|try|find|have to (?:ask|wait|see)|check|be\b|keep|let|have|get back|wait|ask|provide|continue|know|not\b|need to (?:wait|see))[a-z]{3,}/i;

export const didInEnglish = (text: string): boolean => englishDeed.test(text) || hadTo.test(text);

/** In a written timeline a deed is told by its doer or in the passive. */
export function enteredDeed(text: string): boolean {
  const deed = personDoes.exec(text) ?? passiveDeed.exec(text) ?? headless.exec(text) ?? going.exec(text);
  return deed !== null && !unreal.test(text.slice(0, deed.index + deed[0].length));
}

/** In a diary a bare verb at the head of a clause tells what its writer did. */
export const bareDeed =
  /^(?:先|再|后|于是|随后|最后|然后|因此|所以|之后|直接|手工|手动|紧急|临时|立即)*(?:把|将|对)?[^，。；]{0,10}?(?:重启|更换|替换|补回|回滚|切换|扩容|清理|清空|删除|重装|升级|更新|修改|调整|关闭|禁用|启用|重建|迁移|恢复(?=.*(?:备份|证书|配置|快照|数据|一份))|拔插|换上|换成|改成|改为|加上|导入|重新)/;
