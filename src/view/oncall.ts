import type { Desk } from '../desk.ts';
import { rosterProblems, shifts, turnsAt } from '../roster/oncall.ts';
import type { OnCallView, Reader } from '../web/deps.ts';

const DAY = 86_400_000;
const AHEAD_DAYS = 14;

/** The roster as one reader sees it: what shifts leave to each other belongs to those who have the duty. */
export async function onCallOf(desk: Desk, reader: Reader): Promise<OnCallView> {
  const { plan } = desk.settings;
  const config = desk.roster.current();
  const { language } = reader;
  const now = desk.clock.now();
  const name = (id: string): string => config.people.find((one) => one.id === id)?.name ?? id;
  const titleOf = (tier: number): string =>
    plan.tiers.find((one) => one.tier === tier)?.title[language] ?? String(tier);
  const onDuty = new Set([
    ...Object.values(config.tiers).flat(),
    ...Object.values(config.rotations).flatMap((one) => one.people),
  ]);
  const ours = config.people.some((one) => onDuty.has(one.id) && one.org === reader.person.org);
  const last = ours ? await desk.handover.last() : [];
  const { gaps, doubles } = rosterProblems(config, now, AHEAD_DAYS, plan.zone);
  return {
    tiers: await Promise.all(
      turnsAt(config, now, plan.zone).map(async (turn) => {
        const found = last.find((one) => one.tier === turn.tier);
        const note = found?.notes[language];
        return {
          title: titleOf(turn.tier),
          person: turn.person === null ? null : name(turn.person),
          why: turn.why,
          until: turn.until,
          next: turn.next === null ? null : name(turn.next),
          shifts: shifts(config, turn.tier, now, now + AHEAD_DAYS * DAY, plan.zone).map(
            ({ from, to, person, why }) => ({ from, to, person: person === null ? null : name(person), why }),
          ),
          handover: found && note ? { at: found.at, ...note } : null,
          waiting: ours
            ? (await desk.handover.waiting(turn.tier)).map((one) => ({ ...one, by: name(one.by) }))
            : [],
        };
      }),
    ),
    gaps: gaps.map(({ tier, from, to }) => ({ title: titleOf(tier), from, to })),
    doubles: doubles.map(({ person, tiers, from }) => ({
      person: name(person),
      titles: tiers.map(titleOf),
      from,
    })),
  };
}
