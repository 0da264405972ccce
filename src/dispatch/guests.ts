import type { Call, ChatCommand } from '../../commands/command.ts';
import type { Inbound, Reply } from '../chat/port.ts';
import { GUEST_HOURS } from '../incident/guests.ts';
import type { Incident } from '../incident/state.ts';
import { clockTime } from '../words/time.ts';
import { tell } from './answers.ts';
import { answer, commandOf, inboundKey, NOW } from './command.ts';
import type { DispatchDeps } from './deps.ts';
import { issueToken } from './guest-tokens.ts';

/** A link for one person of an organisation; the token is shown to the asker, and to nobody again. */
export async function giveGuestLink(
  deps: Pick<DispatchDeps, 'store' | 'handle' | 'mask' | 'webAddress'>,
  asked: { readonly org: string; readonly hours: number | null },
  inbound: Inbound,
  incident: Incident,
  command: ChatCommand,
  call: Call,
): Promise<Reply> {
  const hours = asked.hours ?? GUEST_HOURS.usual;
  const body = { type: 'issue-guest-link', org: asked.org, hours } as const;
  const handled = await deps.handle(
    incident.id,
    commandOf(body, NOW, inbound, deps.mask),
    inboundKey(inbound),
  );
  if (!handled.ok || handled.duplicate) return answer(handled, command, call);
  const issued = handled.events.find(({ body: fact }) => fact.type === 'GuestLinkIssued');
  if (issued?.body.type !== 'GuestLinkIssued') return answer(handled, command, call);
  const { link } = issued.body;
  const token = await issueToken(deps.store, { incident: incident.id, link });
  const path = `/guest/${token}`;
  const { zh, org } = {
    zh: call.language === 'zh',
    org: call.directory.organisations[asked.org]?.name ?? asked.org,
  };
  const until = clockTime(call.now + hours * 60 * 60_000, call.plan.zone, call.now);
  const noAddress = zh
    ? '没有配置 desk.publicUrl：请在前面补上本系统的地址。'
    : 'desk.publicUrl is not set: put this server’s address in front.';
  return tell({
    headline: zh
      ? `${org} 的访客链接 ${link}，至 ${until} 有效。只能由一个人打开一次；下面的地址不会再显示。`
      : `The guest link ${link} for ${org}, good until ${until}. One person opens it, once; the address below is not shown again.`,
    blocks: [
      {
        block: 'code',
        code: deps.webAddress === null ? path : new URL(path, deps.webAddress).href,
        startLine: null,
        marked: [],
      },
      ...(deps.webAddress === null ? [{ block: 'note', text: noAddress } as const] : []),
      {
        block: 'note',
        text: zh ? `收回：/应急 收回 ${link} 原因` : `To revoke it: /incident revoke ${link} REASON`,
      },
    ],
    tone: 'plain',
    card: null,
  });
}
