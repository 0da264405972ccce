import type { Call, ChatCommand, Outcome } from '../../commands/command.ts';
import type { Message } from '../chat/message.ts';
import type { Inbound, Reply } from '../chat/port.ts';
import type { Place } from '../incident/events.ts';
import { isSamePlace } from '../incident/place.ts';
import type { Language } from '../incident/plan.ts';
import type { Incident } from '../incident/state.ts';
import { NOTHING, tell } from './answers.ts';
import { answer, commandOf, inboundKey, NOW } from './command.ts';
import type { DispatchDeps } from './deps.ts';
import { issueLinkCode, LINK_HOURS, linkTarget, useLinkCode } from './link-codes.ts';

type LinkDeps = Pick<DispatchDeps, 'store' | 'handle' | 'mask' | 'now' | 'post' | 'directory'>;
type Asked = Extract<Outcome, { kind: 'invite' }>;

/** Lets an organisation in and gives the asker, and nobody else, the code that links its conversation. */
export async function invite(
  deps: LinkDeps,
  asked: Asked,
  inbound: Inbound,
  incident: Incident,
  command: ChatCommand,
  call: Call,
): Promise<Reply> {
  const body = { type: 'invite-organisation', org: asked.org } as const;
  const invited = await deps.handle(
    incident.id,
    commandOf(body, NOW, inbound, deps.mask),
    inboundKey(inbound),
  );
  if (!invited.ok) return answer(invited, command, call);
  const code = await issueLinkCode(deps.store, { incident: incident.id, org: asked.org }, deps.now());
  const name = call.directory.organisations[asked.org]?.name ?? asked.org;
  return tell(
    asked.place
      ? await askThere(deps, asked.place, { code, org: asked.org, name }, inbound, incident)
      : codeMessage(code, { id: asked.org, name }, call.language),
  );
}

/** A conversation is linked only once somebody in it agrees: whoever named it may be mistaken. */
async function askThere(
  deps: LinkDeps,
  named: NonNullable<Asked['place']>,
  link: { readonly code: string; readonly org: string; readonly name: string },
  inbound: Inbound,
  incident: Incident,
): Promise<Message> {
  const { language } = inbound;
  const place: Place = { ...named, workspace: inbound.place.workspace, language, org: link.org };
  const label = { zh: '接入这个会话', en: 'Link this conversation' }[language];
  const receipt = await deps.post(
    place,
    {
      headline: {
        zh: `🤝 ${inbound.author.name} 邀请 ${link.name} 在这个会话里参与 ${incident.code} 的联合处置。确认后，联合消息会出现在这里。`,
        en: `🤝 ${inbound.author.name} invites ${link.name} to work on ${incident.code} from this conversation. Once confirmed, what is said to all appears here.`,
      }[language],
      blocks: [
        {
          block: 'buttons',
          buttons: [{ label, command: 'here', args: { code: link.code }, style: 'primary' }],
        },
      ],
      tone: 'plain',
      card: null,
    },
    { key: `${incident.id}:link:${inbound.id}` },
  );
  return receipt.ok
    ? said(
        {
          zh: `已在 ${named.platform} 的那个会话里发出确认卡片；有人按下“接入这个会话”后即接通，${LINK_HOURS} 小时内有效。`,
          en: `A card was posted there; once somebody presses “Link this conversation” it is linked. Good for ${LINK_HOURS} hours.`,
        }[language],
      )
    : said(
        {
          zh: `没能在那个会话里发出卡片：${receipt.error}。请把机器人加进那个会话，或让对方在会话里输入：/应急 接入 ${link.code}`,
          en: `The card could not be posted there: ${receipt.error}. Add the bot to that conversation, or have somebody type there: /incident here ${link.code}`,
        }[language],
        'warn',
      );
}

/** Links the conversation in which the code was said. */
export async function linkHere(
  deps: LinkDeps,
  code: string,
  inbound: Inbound,
  command: ChatCommand,
  call: Call,
): Promise<Reply> {
  const { language, place, author } = inbound;
  if (place.platform === 'web') return tell(said(IN_WEB[language], 'warn'));
  const target = await linkTarget(deps.store, code, deps.now());
  const incident = target && (await deps.store.load(target.incident))?.incident;
  if (!target || !incident || incident.status === 'closed' || !isWelcome(incident, target.org, deps))
    return tell(said(NO_SUCH_CODE[language], 'warn'));
  if (incident.places.some((one) => isSamePlace(one, place)))
    return tell(said(ALREADY[language].replace('{code}', incident.code)));
  const other = await deps.store.openIncidentAt(place);
  if (other) return tell(said(TAKEN[language].replace('{code}', other.code), 'warn'));
  if (!(await useLinkCode(deps.store, code, deps.now()))) return tell(said(NO_SUCH_CODE[language], 'warn'));
  // Said by somebody else than the organisation's own, it is no conversation of theirs alone.
  const among = author.org === target.org ? ({ audience: 'org' } as const) : {};
  const linked: Place = { ...place, org: target.org, ...among };
  const body = { type: 'open-room', place: linked } as const;
  const handled = await deps.handle(
    incident.id,
    commandOf(body, NOW, inbound, deps.mask),
    inboundKey(inbound),
  );
  return handled.ok ? NOTHING : answer(handled, command, call);
}

/** This conversation, or the one that is named. */
export async function unlinkPlace(
  deps: LinkDeps,
  named: Asked['place'],
  inbound: Inbound,
  incident: Incident,
  command: ChatCommand,
  call: Call,
): Promise<Reply> {
  const place = incident.places.find((one) =>
    named
      ? one.platform === named.platform && one.conversation === named.conversation
      : one.platform !== 'web' && isSamePlace(one, inbound.place),
  );
  if (!place) return tell(said(NOT_LINKED[inbound.language], 'warn'));
  const body = { type: 'unlink-place', place, because: 'asked' } as const;
  const handled = await deps.handle(
    incident.id,
    commandOf(body, NOW, inbound, deps.mask),
    inboundKey(inbound),
  );
  return answer(handled, command, call);
}

/** Not any more once it was removed: the code was given while it was invited. */
function isWelcome(incident: Incident, org: string, deps: LinkDeps): boolean {
  const { organisations, customer } = deps.directory(incident.system.id);
  const invited = incident.organisations.find((one) => one.org === org);
  if (invited) return invited.removedAt === null;
  return org === customer || organisations[org]?.side === 'vendor';
}

function codeMessage(
  code: string,
  org: { readonly id: string; readonly name: string },
  language: Language,
): Message {
  return {
    headline: {
      zh: `${org.name} 的接入码如下，${LINK_HOURS} 小时内有效，只能用一次。请对方先把机器人加进自己的会话，再在那里输入：`,
      en: `The code for ${org.name}, good once within ${LINK_HOURS} hours. Have them add the bot to their own conversation and type there:`,
    }[language],
    blocks: [
      {
        block: 'code',
        code: { zh: `/应急 接入 ${code}`, en: `/incident here ${code}` }[language],
        startLine: null,
        marked: [],
      },
      {
        block: 'note',
        text: {
          zh: '钉钉、飞书群里请先 @ 机器人。没有会话的人，发访客链接进网页房间。',
          en: 'In DingTalk and Feishu groups mention the bot first. Whoever has no chat gets a link to the web room.',
        }[language],
      },
      {
        block: 'buttons',
        buttons: [
          {
            label: { zh: '访客链接', en: 'Guest link' }[language],
            command: 'guest',
            args: { org: org.id },
            style: 'plain',
          },
        ],
      },
    ],
    tone: 'plain',
    card: null,
  };
}

function said(headline: string, tone: Message['tone'] = 'plain'): Message {
  return { headline, blocks: [], tone, card: null };
}

const NO_SUCH_CODE = {
  zh: '这个接入码无效：没有发出过、已用过、已过期，或对应的事件已结束。请让邀请您的人再发一个：/应急 邀请 单位',
  en: 'This code is not good: never given, used, too old, or its incident is over. Ask whoever invited you for another: /incident invite ORGANISATION',
};
const IN_WEB = {
  zh: '网页房间不用接入。请在要接入的聊天会话里输入这条命令。',
  en: 'The web room needs no link. Type this in the conversation that is to be linked.',
};
const ALREADY = { zh: '这个会话已接入 {code}。', en: 'This conversation is linked to {code} already.' };
const TAKEN = {
  zh: '这个会话正在处理 {code}：一个会话同时只接一个事件。请先断开（/应急 断开），或另建一个群。',
  en: 'This conversation is busy with {code}: one incident at a time. Unlink it first (/incident unlink), or use another one.',
};
const NOT_LINKED = {
  zh: '没有这样一个已接入的会话。在要断开的会话里输入，或写明：/应急 断开 平台:会话',
  en: 'No such conversation is linked. Type it there, or name it: /incident unlink PLATFORM:CONVERSATION',
};
