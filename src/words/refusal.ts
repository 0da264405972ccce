import type { Button, Message } from '../chat/message.ts';
import type { Refusal, RefusalCode } from '../incident/commands.ts';
import type { Language } from '../incident/plan.ts';
import { DOCUMENT, MOMENT, POSSIBLE, QUALIFICATION, ROLE, SEVERITY, STATUS, term } from './terms.ts';
import { clockTime } from './time.ts';

type Params = Readonly<Record<string, string>>;
type Sentence = (params: Params, language: Language, zone: string) => string;

const p = (params: Params, key: string): string => params[key] ?? '';
const say =
  (zh: (params: Params, zone: string) => string, en: (params: Params, zone: string) => string): Sentence =>
  (params, language, zone) =>
    language === 'zh' ? zh(params, zone) : en(params, zone);

/** `role: name/name；role` with the roles by id; people read titles, and who that is in brackets. */
function approvers(params: Params, language: Language): string {
  const zh = language === 'zh';
  return p(params, 'who')
    .split('；')
    .map((one) => {
      const [role = '', names = '-'] = one.split(': ');
      const title = term(ROLE, role, language);
      if (names === '-') return title;
      return zh ? `${title}（${names.replaceAll('/', '、')}）` : `${title} (${names.replaceAll('/', ', ')})`;
    })
    .join(zh ? '；' : '; ');
}

const WHAT: Readonly<Record<string, { zh: string; en: string }>> = {
  severity: { zh: '改动等级', en: 'changing the severity' },
  accountability: { zh: '改变主责', en: 'changing who leads' },
  decline: { zh: '拒接', en: 'declining' },
  escalate: { zh: '升级', en: 'escalating' },
  withdraw: { zh: '撤回', en: 'undoing' },
  'break-glass': { zh: '破例批准', en: 'a break-glass approval' },
  reject: { zh: '驳回', en: 'rejecting' },
  'remove-organisation': { zh: '移出单位', en: 'removing an organisation' },
  'revoke-guest-links': { zh: '收回访客链接', en: 'revoking a guest link' },
  'hand-lead': { zh: '移交主责', en: 'handing the lead over' },
  reopen: { zh: '重开', en: 're-opening' },
  review: { zh: '驳回草稿', en: 'refusing a draft' },
  close: { zh: '按误报或并入关闭', en: 'closing as false alarm or merged' },
  pause: { zh: '暂停时限', en: 'pausing a clock' },
};

const DRAFT_STATUS: Readonly<Record<string, { zh: string; en: string }>> = {
  approved: { zh: '生效', en: 'active' },
  refused: { zh: '被驳回，修改后再复核', en: 'refused; change it first' },
  withdrawn: { zh: '撤回', en: 'withdrawn' },
  'false-alarm': { zh: '因误报未生效，修改后再复核', en: 'refused for false alarms; change it first' },
};

const SENTENCES: Readonly<Record<RefusalCode, Sentence>> = {
  'no-such-incident': say(
    () => '这里没有事件。',
    () => 'There is no incident here.',
  ),
  'not-allowed': say(
    (v) => (p(v, 'who') ? `“${p(v, 'zh')}”由这些人来做：${approvers(v, 'zh')}。` : '这一步由战情室自己做。'),
    (v) =>
      p(v, 'who') ? `Only these may ${p(v, 'en')}: ${approvers(v, 'en')}.` : 'The bot does this by itself.',
  ),
  'already-exists': say(
    (v) => `事件已存在：${p(v, 'code')}。`,
    (v) => `The incident exists already: ${p(v, 'code')}.`,
  ),
  'unknown-organisation': say(
    (v) => `登记表里没有单位“${p(v, 'org')}”。请写名称或代号；新单位先写进 warroom.yaml。`,
    (v) =>
      `No organisation is called "${p(v, 'org')}". Give its name or id; a new one goes into warroom.yaml first.`,
  ),
  'not-in-room': say(
    (v) => `${p(v, 'org')} 现在不在这个事件里。`,
    (v) => `${p(v, 'org')} is not in this incident now.`,
  ),
  'guest-hours': say(
    (v) => `有效期写小时数，1 到 ${p(v, 'most')}。`,
    (v) => `Say for how many hours, 1 to ${p(v, 'most')}.`,
  ),
  'too-many-guests': say(
    (v) => `一个单位最多 ${p(v, 'most')} 个访客链接；先收回不用的，或把人写进 warroom.yaml。`,
    (v) =>
      `An organisation has at most ${p(v, 'most')} guest links; revoke those not in use, or put the people into warroom.yaml.`,
  ),
  'no-such-link': say(
    (v) => `没有可收回的访客链接“${p(v, 'link')}”。写链接号（如 G1）或单位名称。`,
    (v) => `There is no guest link "${p(v, 'link')}" to revoke. Give its name, like G1, or an organisation.`,
  ),
  'link-revoked': say(
    () => '这个链接已被收回。请找给你链接的人。',
    () => 'This link was revoked. Ask whoever gave it to you.',
  ),
  'link-too-old': say(
    () => '这个链接已过期。请找给你链接的人再发一个。',
    () => 'This link is too old. Ask whoever gave it to you for another one.',
  ),
  'link-used': say(
    () => '这个链接已在另一台设备上打开，只能用一次。请找给你链接的人再发一个。',
    () =>
      'This link was opened on another device already and works once. Ask whoever gave it to you for another one.',
  ),
  'guest-name': say(
    (v) => `请写你的姓名，不超过 ${p(v, 'most')} 个字。`,
    (v) => `Give your name, at most ${p(v, 'most')} characters.`,
  ),
  'wrong-state': say(
    (v) => `事件现在是“${term(STATUS, p(v, 'status'), 'zh')}”，不能这样做。`,
    (v) => `The incident is "${term(STATUS, p(v, 'status'), 'en')}" now; that cannot be done.`,
  ),
  'title-missing': say(
    () => '请写一句发生了什么，例如：/应急 开启 社保系统无法访问',
    () => 'Say in one line what happened, for example: /incident open the portal is unreachable',
  ),
  'severity-unchanged': say(
    (v) => `已经是${term(SEVERITY, p(v, 'severity'), 'zh')}了。`,
    (v) => `It is ${term(SEVERITY, p(v, 'severity'), 'en')} already.`,
  ),
  'red-needs-person': say(
    () => '等级由人确认，战情室不会自行定级。',
    () => 'A person confirms the severity; the bot never does.',
  ),
  'reason-missing': say(
    (v) => `${term(WHAT, p(v, 'what'), 'zh')}要写原因，会进入报告。`,
    (v) => `Please give a reason for ${term(WHAT, p(v, 'what'), 'en')}; it goes into the report.`,
  ),
  'backdate-reason-missing': say(
    (v, zone) => `${clockTime(Number(p(v, 'at')), zone)} 是补记的时间，请写明为什么补记。`,
    (v, zone) => `${clockTime(Number(p(v, 'at')), zone)} lies in the past; say why it is recorded late.`,
  ),
  'time-in-future': say(
    (v, zone) => `${clockTime(Number(p(v, 'at')), zone)} 还没有到。`,
    (v, zone) => `${clockTime(Number(p(v, 'at')), zone)} is still to come.`,
  ),
  'before-report': say(
    (v, zone) =>
      `${clockTime(Number(p(v, 'at')), zone)} 早于事件上报时间 ${clockTime(Number(p(v, 'reported')), zone)}。`,
    (v, zone) =>
      `${clockTime(Number(p(v, 'at')), zone)} is before the report at ${clockTime(Number(p(v, 'reported')), zone)}.`,
  ),
  'out-of-order': say(
    (v) => `时间早于“${term(MOMENT, p(v, 'moment'), 'zh')}”。`,
    (v) => `That is before "${term(MOMENT, p(v, 'moment'), 'en')}".`,
  ),
  'already-recorded': say(
    (v) => `“${term(MOMENT, p(v, 'moment'), 'zh')}”已经记录过；记错了先撤回。`,
    (v) => `"${term(MOMENT, p(v, 'moment'), 'en')}" is recorded already; undo it first if it is wrong.`,
  ),
  'nothing-to-withdraw': say(
    (v) => `没有可撤回的“${term(MOMENT, p(v, 'moment'), 'zh')}”。`,
    (v) => `There is no "${term(MOMENT, p(v, 'moment'), 'en')}" to undo.`,
  ),
  'no-open-page': say(
    (v) => `没有等待 ${p(v, 'person')} 应答的呼叫。`,
    (v) => `No page is waiting for ${p(v, 'person')}.`,
  ),
  'unknown-person': say(
    (v) => `花名册里没有“${p(v, 'person')}”。`,
    (v) => `Nobody called "${p(v, 'person')}" is on the roster.`,
  ),
  'unreachable-person': say(
    (v) => `${p(v, 'person')} 没有联系方式，无法呼叫；请在 warroom.yaml 里补上 contacts。`,
    (v) => `${p(v, 'person')} has no contact method; add contacts in warroom.yaml.`,
  ),
  unqualified: say(
    (v) => `${p(v, 'person')} 不满足首派资历（缺：${missing(v, 'zh')}，预案 L210–211）。仍要派，请写理由。`,
    (v) =>
      `${p(v, 'person')} lacks what a first responder needs (${missing(v, 'en')}; plan L210–211). Give a reason to override.`,
  ),
  'no-person-for-post': say(
    (v) => `岗位“${p(v, 'post')}”没有可联系的人。`,
    (v) => `Nobody reachable holds the post "${p(v, 'post')}".`,
  ),
  'unknown-post': say(
    (v) => `预案里没有岗位“${p(v, 'post')}”。/应急 需要 可以看全部岗位。`,
    (v) => `The plan knows no post "${p(v, 'post')}". /incident need lists them.`,
  ),
  'which-organisation': say(
    (v) => `${p(v, 'orgs')} 都有岗位“${p(v, 'post')}”，请写明单位：/应急 需要 ${p(v, 'post')} 单位`,
    (v) => `${p(v, 'orgs')} all hold "${p(v, 'post')}"; name one: /incident need POST ORGANISATION`,
  ),
  'no-ladder': say(
    (v) =>
      `${p(v, 'org')} 没有登记自己的升级阶梯；请在 warroom.yaml 的 organisations 里补 ladder，或直接呼叫人。`,
    (v) => `${p(v, 'org')} has no ladder of its own; add one in warroom.yaml, or page somebody by name.`,
  ),
  'no-higher-level': say(
    (v) => `${p(v, 'org')} 没有更高一级可呼叫。`,
    (v) => `${p(v, 'org')} has no higher level to call.`,
  ),
  'leads-already': say(
    (v) => `${p(v, 'org')} 现在主责。要换单位：/应急 移交主责 单位 原因`,
    (v) => `${p(v, 'org')} leads now. To change that: /incident hand-lead ORGANISATION REASON`,
  ),
  'lead-elsewhere': say(
    (v) => `现在由 ${p(v, 'org')} 主责；要收回请用：/应急 移交主责 我方单位 原因`,
    (v) => `${p(v, 'org')} leads now; take it back by /incident hand-lead OUR ORGANISATION REASON`,
  ),
  'no-higher-tier': say(
    () => '没有更高一级可呼叫。',
    () => 'There is no higher tier to call.',
  ),
  'already-paged': say(
    (v) => `${p(v, 'person')} 正在呼叫中。`,
    (v) => `${p(v, 'person')} is being paged already.`,
  ),
  'no-such-action': say(
    (v) => `没有操作 ${p(v, 'action')}；现有：${p(v, 'open')}。`,
    (v) => `There is no action ${p(v, 'action')}; open: ${p(v, 'open')}.`,
  ),
  'action-not-open': say(
    (v) => `操作 ${p(v, 'action')} 现在是“${p(v, 'status')}”。`,
    (v) => `Action ${p(v, 'action')} is "${p(v, 'status')}" now.`,
  ),
  'not-an-approver': say(
    (v) => `需要由这些人批准：${approvers(v, 'zh')}。`,
    (v) => `These may approve it: ${approvers(v, 'en')}.`,
  ),
  'role-already-approved': say(
    () => '您的角色已经批准过；还差另一个角色。',
    () => 'Your role has approved already; the other one is still open.',
  ),
  'one-person-one-role': say(
    (v) => `${p(v, 'person')} 已批准过 ${p(v, 'action')}；两个角色须由两个不同的人批准。`,
    (v) => `${p(v, 'person')} has approved ${p(v, 'action')}; two roles take two people.`,
  ),
  'proposer-one-role': say(
    () => '提议人最多占一个批准角色。',
    () => 'The proposer may fill one approving role at most.',
  ),
  'approval-missing': say(
    (v) => `${p(v, 'action')} 还没有获批；还差：${approvers(v, 'zh')}。`,
    (v) => `${p(v, 'action')} is not approved yet; missing: ${approvers(v, 'en')}.`,
  ),
  'break-glass-bot': say(
    () => '这一步只能由人来做。',
    () => 'Only a person may do this.',
  ),
  'cause-missing': say(
    () => '还没有说明原因；先写原因，或在解决时注明为什么暂未查明。',
    () => 'No cause is stated yet; state it, or resolve with a note saying why it is not known.',
  ),
  'not-restored': say(
    () => '业务还没有记为恢复。',
    () => 'The service is not recorded as restored yet.',
  ),
  'no-such-clock': say(
    (v) => `没有“${p(v, 'clock')}”这个时限。`,
    (v) => `There is no clock "${p(v, 'clock')}".`,
  ),
  'clock-not-running': say(
    (v) => `时限“${p(v, 'clock')}”没有在走。`,
    (v) => `The clock "${p(v, 'clock')}" is not running.`,
  ),
  'already-paused': say(
    () => '已申请暂停；客户侧确认后才计入。',
    () => 'A pause is asked for already; it counts once the customer confirms.',
  ),
  'not-paused': say(
    (v) => `时限“${p(v, 'clock')}”没有暂停。`,
    (v) => `The clock "${p(v, 'clock')}" is not paused.`,
  ),
  'customer-confirms': say(
    () => '须由客户侧人员确认。',
    () => "Somebody on the customer's side has to confirm this.",
  ),
  'text-missing': say(
    () => '请写明内容。',
    () => 'Please say what.',
  ),
  'merge-target-missing': say(
    () => '请写明并入哪个事件，例如：/应急 关闭 并入 INC-20261124-01',
    () => 'Name the incident to merge into, for example: /incident close merged INC-20261124-01',
  ),
  'private-note': say(
    () => '内部消息不能记入时间线：时间线所有单位都能看到。要公开，请重新发一条。',
    () =>
      'A private note cannot go on the timeline, which everybody reads. Say it again for all to make it public.',
  ),
  'no-such-entry': say(
    (v) => `时间线上没有“${p(v, 'entry')}”这一条；编号见：/应急 时间线`,
    (v) => `The timeline has no entry "${p(v, 'entry')}"; see the numbers with: /incident timeline`,
  ),
  'no-such-draft': say(
    (v) => `没有知识草稿“${p(v, 'draft')}”；待处理的：${p(v, 'open')}。`,
    (v) => `There is no knowledge draft "${p(v, 'draft')}"; open: ${p(v, 'open')}.`,
  ),
  'draft-not-open': say(
    (v) => `知识草稿 ${p(v, 'draft')} 已经${term(DRAFT_STATUS, p(v, 'status'), 'zh')}。`,
    (v) => `Knowledge draft ${p(v, 'draft')} is ${term(DRAFT_STATUS, p(v, 'status'), 'en')} already.`,
  ),
  'second-person': say(
    (v) => `${p(v, 'person')} 参与了起草，要由第二个人复核。`,
    (v) => `${p(v, 'person')} wrote it; a second person has to review it.`,
  ),
  'knowledge-not-recognised': say(
    (v) =>
      `这个条目认不出它自己的日志（把握 ${p(v, 'confidence')}）：第一行请照抄日志里最关键的一句，会变的部分写 *。`,
    (v) =>
      `The entry does not know its own log (confidence ${p(v, 'confidence')}): copy the clearest line of the log, with * for what differs.`,
  ),
  'own-report': say(
    (v) => `${p(v, 'org')} 的处置报告只有 ${p(v, 'org')} 自己的人可以看、定稿和发出。`,
    (v) => `Only people of ${p(v, 'org')} read, draft and send the report of ${p(v, 'org')}.`,
  ),
  'document-unchanged': say(
    (v) => `${term(DOCUMENT, p(v, 'document'), 'zh')}与第 ${p(v, 'version')} 版相同，没有新版本。`,
    (v) => `The ${term(DOCUMENT, p(v, 'document'), 'en')} is the same as version ${p(v, 'version')}.`,
  ),
  'document-missing': say(
    (v) =>
      `还没有定稿的${term(DOCUMENT, p(v, 'document'), 'zh')}；先写：/应急 定稿 ${term(DOCUMENT, p(v, 'document'), 'zh')}`,
    (v) =>
      `There is no version of the ${term(DOCUMENT, p(v, 'document'), 'en')} yet; make one: /incident document ${p(v, 'document')}`,
  ),
  'document-approved': say(
    (v) => `第 ${p(v, 'version')} 版已经批准。`,
    (v) => `Version ${p(v, 'version')} is approved already.`,
  ),
  'document-not-approved': say(
    (v) =>
      `第 ${p(v, 'version')} 版还没有人批准，不能发出。批准：/应急 定稿 ${term(DOCUMENT, p(v, 'document'), 'zh')} 批准`,
    (v) =>
      `Nobody has approved version ${p(v, 'version')}, so it does not leave. Approve it: /incident document ${p(v, 'document')} approve`,
  ),
  'no-recipient': say(
    (v) => `不知道发给谁：名册里没有“${p(v, 'to')}”。请写名册上的人或邮箱地址。`,
    (v) => `Unknown recipient "${p(v, 'to')}": name somebody on the roster or an e-mail address.`,
  ),
  'review-in-past': say(
    () => '复盘会的时间已经过去；请写将来的时间，例如：/应急 复盘 2026-11-26 10:00 三楼会议室',
    () => 'That time has passed; name one to come, for example: /incident review 2026-11-26 10:00 room 3',
  ),
  'nothing-to-publish': say(
    () => '本组织还没有未公布的经验教训；先写：/应急 教训 好：…',
    () => 'Your organisation has no lesson left to publish; write one: /incident lesson well: …',
  ),
  'no-such-follow-up': say(
    (v) => `没有整改措施“${p(v, 'followUp')}”；已有：${p(v, 'known') || '无'}。`,
    (v) => `There is no corrective action "${p(v, 'followUp')}"; there are: ${p(v, 'known') || 'none'}.`,
  ),
  'follow-up-done': say(
    (v) => `整改措施 ${p(v, 'followUp')} 已经完成。`,
    (v) => `Corrective action ${p(v, 'followUp')} is done already.`,
  ),
  'customer-judges': say(
    () => '满意度由客户方评价；您可以请客户评价：/应急 满意度 请 某人',
    () => 'The customer judges; you can ask them: /incident satisfaction ask SOMEBODY',
  ),
  'score-out-of-range': say(
    () => '请给 1 到 5 分，例如：/应急 满意度 5 响应很快',
    () => 'Please give 1 to 5, for example: /incident satisfaction 5 a quick answer',
  ),
  'no-such-session': say(
    () => '没有这个远程会话。',
    () => 'There is no such remote session.',
  ),
};

function missing(params: Params, language: Language): string {
  return p(params, 'missing')
    .split(',')
    .map((one) => term(QUALIFICATION, one, language))
    .join(language === 'zh' ? '、' : ', ');
}

/** One press calls somebody who may, and says for what. */
function asked(params: Params, language: Language): readonly Button[] {
  return ['ask0', 'ask1'].flatMap((key) => {
    const person = params[key];
    const name = p(params, `${key}-name`);
    if (person === undefined) return [];
    const label = language === 'zh' ? `请 ${name} 来做` : `Ask ${name}`;
    const why = language === 'zh' ? `请您来做：${p(params, 'zh')}` : `you are asked to ${p(params, 'en')}`;
    return [{ label, command: 'page', args: { who: `${person} ${why}` }, style: 'plain' as const }];
  });
}

/** A refusal in the reader's language: what is true, and what is possible now. */
export function refusalMessage(refusal: Refusal, language: Language, zone: string): Message {
  const possible = refusal.possible.flatMap((one) => POSSIBLE[one]?.[language] ?? []);
  const lead = language === 'zh' ? '现在可以：' : 'Possible now: ';
  const asking = refusal.possible.includes('page') ? asked(refusal.params, language) : [];
  return {
    headline: SENTENCES[refusal.code](refusal.params, language, zone),
    blocks: [
      ...(asking.length > 0 ? [{ block: 'buttons', buttons: asking } as const] : []),
      ...(possible.length > 0 ? [{ block: 'note', text: lead + possible.join('　') } as const] : []),
    ],
    tone: 'warn',
    card: null,
  };
}
