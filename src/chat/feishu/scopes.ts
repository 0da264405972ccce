/**
 * Permissions (权限管理) by what they are for; of a list any one is enough (open.feishu.cn/document, the page of each
 * call or event, "Required scopes").
 */
export interface Need {
  readonly what: { readonly zh: string; readonly en: string };
  readonly anyOf: readonly string[];
  /** When it is asked for at all. */
  readonly when: 'always' | 'rooms' | 'everything' | 'urgent-app' | 'urgent-sms' | 'urgent-phone';
}

export const NEEDS: readonly Need[] = [
  {
    what: { zh: '收发、更新、置顶消息', en: 'send, update and pin messages' },
    anyOf: ['im:message'],
    when: 'always',
  },
  {
    what: { zh: '接收群里 @ 机器人的消息', en: 'hear messages of groups that mention the bot' },
    anyOf: ['im:message.group_at_msg:readonly', 'im:message.group_at_msg', 'im:message.group_msg'],
    when: 'always',
  },
  {
    what: { zh: '接收单聊消息', en: 'hear direct messages' },
    anyOf: ['im:message.p2p_msg:readonly', 'im:message.p2p_msg'],
    when: 'always',
  },
  {
    what: { zh: '收发文件和图片', en: 'files and pictures' },
    anyOf: ['im:resource'],
    when: 'always',
  },
  {
    what: { zh: '读取发言人姓名', en: 'names of those who speak' },
    anyOf: ['contact:user.base:readonly', 'contact:contact:readonly_as_app'],
    when: 'always',
  },
  {
    what: { zh: '表情回复加入时间线', en: 'reactions that pin to the timeline' },
    anyOf: ['im:message.reactions:read', 'im:message'],
    when: 'always',
  },
  {
    what: { zh: '为每个事件建群', en: 'a group for each incident' },
    anyOf: ['im:chat'],
    when: 'rooms',
  },
  {
    what: { zh: '接收群里的全部消息', en: 'hear everything that is said in groups' },
    anyOf: ['im:message.group_msg'],
    when: 'everything',
  },
  {
    what: { zh: '应用内加急', en: 'urgent messages within the app' },
    anyOf: ['im:message.urgent'],
    when: 'urgent-app',
  },
  {
    what: { zh: '短信加急', en: 'urgent messages by SMS' },
    anyOf: ['im:message.urgent:sms'],
    when: 'urgent-sms',
  },
  {
    what: { zh: '电话加急', en: 'urgent messages by phone' },
    anyOf: ['im:message.urgent:phone'],
    when: 'urgent-phone',
  },
];

/** The needs of which none of the alternatives was granted. */
export function missingNeeds(
  granted: ReadonlySet<string>,
  wanted: ReadonlySet<Need['when']>,
): readonly Need[] {
  return NEEDS.filter((need) => wanted.has(need.when) && !need.anyOf.some((scope) => granted.has(scope)));
}
