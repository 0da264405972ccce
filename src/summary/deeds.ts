/**
 * Chinese says that a thing is done with 已 before a verb or a complement behind it (摘掉了, 改好了, 补发完). The
 * states that are no deeds (已知, 已过期, 已恢复) are left out.
 */
const already =
  /已经?\s?(?![一二三四五六七八九十几两]{1,3}[个家台条笔单点分小天多]|知|\d|排|等|好|用|停线|满|有|达|是|满|超|过期|到期|恢复|断|查|确认|收|读|处于|在|能|可|无|不|没|经|影响|受|连|持续|出现|发现|挂|宕|停止响应)[从向由把将对]?[\u4e00-\u9fff]{0,8}/;
const complement =
  /(?:重启|刷新|重置|更换|替换|切换|回滚|回退|扩容|清理|清空|删除?|改|换|加|补|调|停|关|开|摘|拆|插|拔|装|升级|更新|导入|导出|迁移?|隔离|限流|降级|熔断|屏蔽|放通|解锁|释放|杀|备份|抓|留|存|退|发布?|撤|部署|上线|下线|推送|修复?|修改|配置?|绑定?|拉起|启动|挂载|重跑|重建|重装|重新[\u4e00-\u9fff]{2}|续签?|续费|报|提交?|联系|通知|呼叫|派)(?:(?:掉|好|完|上|回|成|到|起来|过|出去)?了|完毕|完成)/;
/** The same with verbs that people type in Latin letters ("kill 了", "recompile 了"); what merely befell is left out. */
const latinDone =
  /(?:^|[\s，,。我已])(?!(?:ok|oom|down|crash|hang|full|back|timeout|error|dead|bug|out|down|fail|404|50\d)\b)[a-z]{3,12}\s?(?:掉|完|好)?了(?!吗|没|么)/i;
const doneZh =
  /(?:校准|充值?|续上|解封|放行|登记|引导|重连|重插|擦|抽|腾出?|倒|停用|启用|禁用|打开|关闭|编译|封掉?|上传|下发|同步|重传|重发|补发|补录|补传|换回|调回|挂上?|卸载|限到?|压缩|归档|摘除|重刷|重置|初始化|灌|回灌|合并|提交|推|重拉|改密|推上去|切过去|接上|接管|清空|清|腾|转|派|下架|上架|拉黑|加急|报修|报障|交代|对齐|核对|补齐|绕|绕开|扩|扩到|放大|缩|拉|挪走|打|起|重签|签|加固|降|退回|撤回|调低|调高|捞|灰度|放量|切流|切走|切主|倒换|冷备|热备|送|带|领|借|买|订|寄|拉线|接线|焊|点亮|通电|上电|下电|断电重启|踢|刷|批|压|搬|贴|挡|拦|撤|复位|复机|加回|开工单|提工单|拧|烘|吹)(?:掉|好|完|上|回|成|到|起来|过|过去|出去|出来|下去|进去|下来|走|开)?了(?!吗|没|么|吧|大半|半天|多|[一二三四五六七八九十两几\d]+(?:次|遍|天|分钟|小时|个小时)(?!.{0,4}(?:重启)))/;
const doneAtEnd =
  /(?:重启|切换|回滚|回退|更换|替换|扩容|清理|部署|发布|重装|升级|更新|迁移|续期|校准|导入|重建|修复|抢修|调整|处置|处理)(?:完毕|完成|好了|完了|成功)/;

/** "我去写", "我这就发", "我明早申诉": a promise by who gives it; to look, to ask or to wait is none. */
const promised =
  /(?:^|[，,。\s])我(?:们)?(?:[\u3400-\u9fff\d\s]{0,8}?)(?:去|来|马上|这就|先|再|会|负责|让|叫|找|给|把|明[天早晚]|今[晚天]|下午|晚上|稍后|回头|待会|晚点|一会儿?|\d{1,2}\s?点前?|周[一二三四五六日]前?)(?!看|瞅|瞧|瞄|查|问|睡|吃|走|想|等|听|在|也|过来|过去|是|不|没)[\u3400-\u9fffA-Za-z]{1,}/;
/** "下周三前出方案", "明早去申诉", "今晚就弄": a deed with its day. */
const appointed =
  /(?:明[天早晚日]|今[晚天]|今夜|下午|晚上|后天|下周[一二三四五六日天]?|周[一二三四五六日末]|月底|月初|节后|白班|夜班|回头|稍后|改天|\d{1,2}[点号日]前)[^，,。]{0,6}?(?:去|就|来|前|之前|再|给|发|做|补|改|加|出|写|弄|提|谈|换|打|交|报|申诉|排查|核对|复盘|拆|配|更新|升级|重启|上线|整改)/;
/** "重启主机", "切备服": in a chat who works on it says the bare verb and means that he does it. */
const setsOut =
  /^(?:我|我们|先|再|现在|直接|立刻|马上|正在|在|临时|紧急|全部|逐台|滚动|强制|手动|手工|人工|暂时|暂|还是|然后|已经|已){0,3}\s?(?:重启|拔插|重插|切(?=[\u3400-\u9fff])|回滚|回退|重装|扩容|限流|降级|熔断|停用|启用|禁用|关掉|关闭|关停|打开|放行|放开|清理|清空|清缓存|删除|摘除|摘掉|隔离|更换|替换|换成|换回|换出口|换上|改成|改用|改到|改走|改回|更新|续期|续费|登记|手动|手工|人工|引导|报修|联系|通知|转纸|提工单|报工单|加人|断电|复位|再刷|刷缓存|踢|派单|补发|补录|补传|重传|重发|重跑|重签|重置|迁移|导入|导出|抓包|抓个|dump|kill|rollback|restart|reload|加机器|加节点|加索引|加白|加个|调大|调小|调整|升级|降|拉起|绕过|旁路|分流|抢修|处置|启动应急|启动预案|上备|用备)/i;
/** Said of how it might be done, or asked of others. */
const wishes =
  /吧|吗|么|呢|要不|建议|可以|能|可否|会|应该|需要|请|麻烦|@|如果|要是|别|不要|先别|没|不|试过|多久|？|\?/;

const saved = /先(?:把)?[^，。；]{0,12}(?:存|留|备份|导出?|抓|保存)[^，。；]{0,6}(?:份|下|一下|出来|底)/;

/** "路由切到另外两家", "快照挪到凌晨": moved from one place to another. */
const moved =
  /(?:切|挪|改|调|迁|转|移|指|倒|导|引|跳|绕|搬)(?:到|成|回来?|至|往)\s?(?:了\s?)?[\dA-Za-z\u3400-\u9fff]{2}/;
/** "让他们先切备线": a task that was handed to somebody. */
const handedOver =
  /^(?:我|我们|已|已经|赶紧|马上)*(?:让|叫|请|催|通知|联系)[^，,。让]{1,8}?(?:先|把|去|来|尽快|马上)?(?:切|改|关|停|重启|补|处理|修|换|退|导|推|回滚|重发|重跑|加急|抢修|核对|上门|到场)/;

const makeshift = /^(?:先|临时|紧急|手动|手工|人工)+(?:放行|放|把|将|给|走|放开|关|开|切|改|换|绕)/;

export const didSomething = (text: string): boolean =>
  already.test(text) ||
  complement.test(text) ||
  doneZh.test(text) ||
  doneAtEnd.test(text) ||
  latinDone.test(text) ||
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

/** In a diary a bare verb at the head of a clause tells what its writer did. */
export const bareDeed =
  /^(?:先|再|后|于是|随后|最后|然后|因此|所以|之后|直接|手工|手动|紧急|临时|立即)*(?:把|将|对)?[^，。；]{0,10}?(?:重启|更换|替换|补回|回滚|切换|扩容|清理|清空|删除|重装|升级|更新|修改|调整|关闭|禁用|启用|重建|迁移|恢复(?=.*(?:备份|证书|配置|快照|数据|一份))|拔插|换上|换成|改成|改为|加上|导入|重新)/;

/** A look that spares most texts the long patterns: a thing done, a beginning, a promise, or a verb that stands alone. */
const mayActZh =
  /[已了完把将让叫请我先再重临紧手直正全暂逐滚强切换回改放关打停启禁清删摘隔更续登报联派补迁导抓调升降拉绕旁分抢处上用扩限熔引转卸加明今下周月节白夜稍后后]/;
const mayActEn =
  /\b(?:i|we)\b|[a-z]{2}(?:ed|ing)\b|^[a-z]+\b(?!\s(?:somebody|anybody|someone|anyone|you)\b)|'(?:ll|ve|m|re)\b|\b(?:is|are|was|were|been|being)\b|#\d/i;

/** Which forms of telling a deed the clause has; each is a sign with a weight of its own in `rules/trust.yaml`. */
export function formsOfDeed(text: string): string[] {
  const forms: string[] = [];
  if (mayActZh.test(text)) {
    if (already.test(text)) forms.push('already');
    if (complement.test(text) || doneZh.test(text) || doneAtEnd.test(text)) forms.push('carried out');
    if (latinDone.test(text)) forms.push('latin verb done');
    if (moved.test(text)) forms.push('moved');
    if (handedOver.test(text)) forms.push('handed over');
    if (saved.test(text)) forms.push('kept a copy');
    if (makeshift.test(text)) forms.push('makeshift');
    if (setsOut.test(text)) forms.push(wishes.test(text) ? 'bare verb, wished' : 'bare verb');
    if (promised.test(text)) forms.push('promised');
    if (appointed.test(text)) forms.push('appointed');
    if (bareDeed.test(text)) forms.push('bare verb of a diary');
  }
  if (mayActEn.test(text)) {
    if (englishDeed.test(text)) forms.push('past at the head');
    if (hadTo.test(text)) forms.push('had to or will');
    if (ownDeed.test(text)) forms.push('first person deed');
    if (ownGoing.test(text)) forms.push('first person doing');
    if (ownPlan.test(text)) forms.push('first person plan');
    if (trackerHead.test(text)) forms.push('tracker head');
    if (imperative.test(text)) forms.push('bare English verb');
    if (personDoes.test(text)) forms.push('somebody does');
    if (passiveDeed.test(text)) forms.push('passive');
    if (headless.test(text)) forms.push('thing done');
    if (going.test(text)) forms.push('ing at the head');
    if (unreal.test(text)) forms.push('unreal');
    if (othersShould.test(text)) forms.push('for others to do');
  }
  return forms;
}

const perceive = `(?:see|saw|seen|notic|know|knew|think|thought|believ|guess|hop|want|wish|need|have|had|am|was|were|get|got|find|found|look|tri|try|wait|wonder|understand|expect|experienc|receiv|los|hear|heard|feel|felt|agree|appreciat|apolog|confirm|report|suspect|assum|realis|realiz|fail|can|could|would|should|may|might|do|don|did|love|like|mean|meant|use|used|work|run|rely|depend|keep|remember|forgot|forget|lost|miss|ask|said|say|told|tell|read|talk|spoke|check|investigat|monitor)`;
const irregular = `(?:gave|put|set|reset|cut|sent|built|rebuilt|made|took|brought|ran|wrote|shut|began|undid|redid|swapped|fed|held|drew|drove|dug|spun|split|left|kept|went|got rid|did a|did the|gave)`;
/** "I've expanded the volume", "we gave it a kick": the writer's own deed in the past. */
const ownDeed = new RegExp(
  String.raw`\b(?:i|we)(?:'ve|\s+have)?\s+(?:(?:just|also|now|already|then|manually|temporarily|have|quickly|finally|simply|therefore)\s+){0,2}(?:(?!${perceive})[a-z-]{3,}ed\b|${irregular}\b|upgrade\b|rollback\b)`,
  'i',
);
const ownGoing =
  /\b(?:i|we)(?:'m|'re|\s+am|\s+are|\s+have been|'ve been)\s+(?:(?:now|currently|just|also|still|already|actively)\s+)?(?!(?:see|hav|hop|try|look|wait|wonder|expect|experienc|get|go|us|think|afraid|sorry|runn|work|investigat|monitor|be|miss|fac)ing?)[a-z-]{3,}ing\b/i;
const ownPlan =
  /\b(?:i|we)(?:'ll|\s+will|'re going to|'m going to|\s+am going to|\s+plan to|\s+need to|\s+have to|\s+had to)\s+(?:(?:now|also|just|still|then|try to|have to|need to)\s+)?(?!(?:see|look|be|wait|try\b(?! to)|find|keep you|keep an|let you|let everyone|update you|know|hopefully|get back|have\b|provide|continue|miss|never|not|monitor|check|ask|hear|need|think|probably)\b)[a-z]{3,}/i;
/** "Gave it a kick", "Applied the patch", "fix: …", "merged #12": how deeds are told in a tracker. */
const trackerHead = new RegExp(
  String.raw`^(?:(?:ok|okay|done|update|edit|resolved|fixed)[\s:,.!-]+)?(?:${irregular}\s(?!of\b|up\b)|(?:fix|feat|chore|revert|hotfix|ci)(?:\([^)]{0,30}\))?:\s|(?:fixed|merged|closed|addressed|solved|resolved) (?:in|by|via|with)\s|pr #?\d+ merged)`,
  'i',
);
/** "Expand the partition", "Adjust our alerting": how follow-ups are listed. */
const imperative =
  /^(?:add|adjust|expand|increase|improve|implement|create|fix|set up|update|upgrade|replace|move|migrate|document|write|automate|ensure|enable|disable|remove|reduce|review|investigate|schedule|introduce|monitor|restart|roll back|revert|deploy|test|tune|raise|lower|publish|notify|configure|rotate|renew|extend|split|limit|make sure|put|switch|change|look into|evaluate|consider)\s[a-z]/i;
const othersShould =
  /\b(?:you (?:can|could|may|might|should|need|have to|must|will)|please|could you|can you|would you|feel free|let (?:me|us) know|users? (?:can|should|may|must|need)|customers? (?:can|should|may|must)|i suggest|suggest\w*|recommend\w*|would be (?:good|nice|great)|it would|why not|what about|how about)\b/i;
