import type { Call, ChatCommand } from '../../commands/command.ts';
import type { Inbound, Reply } from '../chat/port.ts';
import type { Handled } from '../handle.ts';
import type { Command, CommandBody, Refusal } from '../incident/commands.ts';
import { refusalMessage } from '../words/refusal.ts';
import { NOTHING, reasonForm, tell } from './answers.ts';
import { maskBody } from './masking.ts';

export const NOW = { at: null, backdateReason: null } as const;

/** The same delivery acts once: this names it in the append's own transaction. */
export function inboundKey(inbound: Inbound): string {
  return `${inbound.place.platform}:${inbound.id}`;
}

export function commandOf(
  body: CommandBody,
  when: { readonly at: number | null; readonly backdateReason: string | null },
  inbound: Inbound,
  mask: (text: string) => string,
): Command {
  const source = inbound.kind === 'text' || inbound.kind === 'file' ? [inbound.messageId] : [];
  return {
    by: inbound.author,
    at: when.at,
    backdateReason: when.backdateReason,
    sources: source,
    body: maskBody(body, mask),
  };
}

export function answer(handled: Handled, command: ChatCommand, call: Call): Reply {
  if (handled.ok) return NOTHING;
  return refused(handled.refusal, call, command.name);
}

/** A refusal that only lacks a reason asks for it, with everything else kept. */
export function refused(refusal: Refusal, call: Call, command: string): Reply {
  const message = refusalMessage(refusal, call.language, call.plan.zone);
  const asks = ['backdate-reason-missing', 'reason-missing', 'unqualified'].includes(refusal.code);
  return asks ? { ...NOTHING, form: reasonForm(command, call, message) } : tell(message);
}
