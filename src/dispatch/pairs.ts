import type { Call, ChatCommand } from '../../commands/command.ts';
import type { Inbound, Reply } from '../chat/port.ts';
import type { Incident } from '../incident/state.ts';
import { noSuchCode, tell } from './answers.ts';
import { answer, commandOf, inboundKey, NOW } from './command.ts';
import type { DispatchDeps } from './deps.ts';

type PairDeps = Pick<DispatchDeps, 'store' | 'handle' | 'mask' | 'mayRead'>;

/** Both rooms say so: the one that ends, and the one that goes on. */
export async function merge(
  deps: PairDeps,
  into: string,
  reason: string,
  inbound: Inbound,
  incident: Incident | null,
  command: ChatCommand,
  call: Call,
): Promise<Reply> {
  const target = await byCode(deps, into, inbound);
  if (!incident || !target || target.id === incident.id) return tell(noSuchCode(into, inbound.language));
  const closed = await deps.handle(
    incident.id,
    commandOf({ type: 'close', as: 'merged', into: target.code, reason }, NOW, inbound, deps.mask),
    inboundKey(inbound),
  );
  if (closed.ok)
    await deps.handle(
      target.id,
      commandOf({ type: 'link', to: incident.code, relation: 'merged-from' }, NOW, inbound, deps.mask),
    );
  return answer(closed, command, call);
}

export async function link(
  deps: PairDeps,
  to: string,
  inbound: Inbound,
  incident: Incident | null,
  command: ChatCommand,
  call: Call,
): Promise<Reply> {
  const target = await byCode(deps, to, inbound);
  if (!incident || !target || target.id === incident.id) return tell(noSuchCode(to, inbound.language));
  const linked = await deps.handle(
    incident.id,
    commandOf({ type: 'link', to: target.code, relation: 'related' }, NOW, inbound, deps.mask),
    inboundKey(inbound),
  );
  if (linked.ok)
    await deps.handle(
      target.id,
      commandOf({ type: 'link', to: incident.code, relation: 'related' }, NOW, inbound, deps.mask),
    );
  return answer(linked, command, call);
}

/** Another organisation's incident is as unknown as one that never was. */
async function byCode(deps: PairDeps, code: string, { author }: Inbound): Promise<Incident | null> {
  const found = await deps.store.incidentByCode(code.trim().toUpperCase());
  return found && deps.mayRead(found, author) ? found : null;
}
