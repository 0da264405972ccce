import type { Call, Intake } from '../../commands/command.ts';
import type { Inbound, Reply } from '../chat/port.ts';
import type { CommandBody } from '../incident/commands.ts';
import type { Place } from '../incident/events.ts';
import { dayOf } from '../words/time.ts';
import { NOTHING, roomComes, tell } from './answers.ts';
import { commandOf, inboundKey, NOW, refused } from './command.ts';
import type { DispatchDeps } from './deps.ts';

/** A number, a system of the roster, the places: what the intake becomes before the rules see it. */
export async function openIncident(
  deps: DispatchDeps,
  intake: Intake,
  when: { readonly at: number | null; readonly backdateReason: string | null },
  call: Call,
  inbound: Inbound,
): Promise<Reply> {
  const now = deps.now();
  const day = dayOf(now, call.plan.zone).replaceAll('-', '');
  const number = await deps.store.nextNumber(day);
  const found = deps.system(`${intake.system ?? ''} ${intake.title}`);
  const id = deps.newId();
  const web: Place = {
    platform: 'web',
    workspace: 'local',
    conversation: id,
    language: inbound.language,
    org: inbound.author.org,
  };
  const code = `INC-${day}-${String(number).padStart(2, '0')}`;
  const from = inbound.place;
  const name = from.platform === 'web' ? null : deps.roomName(from.platform, code, found.id);
  const place = from.platform === 'web' || name !== null ? web : from;
  const body: CommandBody = {
    type: 'report',
    code,
    kind: intake.kind,
    title: deps.mask(intake.title),
    system: { id: found.id, name: intake.system ?? found.name },
    intake: {
      channel: intake.channel,
      caller: intake.caller,
      number: intake.number,
      organisation: intake.organisation,
      since: intake.since,
    },
    systemDown: intake.systemDown,
    specialTime: found.specialTime,
    remoteOnly: intake.remoteOnly || found.remoteOnly,
    exceptional: intake.exceptional,
    place,
    room: name === null ? undefined : { from, name },
    knowledge: await deps.knowledgeVersion(),
  };
  const handled = await deps.handle(id, commandOf(body, when, inbound, deps.mask), inboundKey(inbound));
  if (!handled.ok) return refused(handled.refusal, call, 'open');
  if (place !== web)
    await deps.handle(id, commandOf({ type: 'open-room', place: web }, NOW, inbound, deps.mask));
  if (handled.duplicate) return NOTHING;
  return { ...(name === null ? NOTHING : tell(roomComes(code, inbound.language))), incident: id };
}
