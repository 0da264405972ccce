import type { Desk } from '../desk.ts';
import { problemsSeen, rosterEyes, sideOf, turnSeen, turnsSeen } from '../roster/access.ts';
import { rosterProblems, shifts, turnsAt } from '../roster/oncall.ts';
import type { Config } from '../roster/schema.ts';
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
  const { org } = reader.person;
  const eyes = rosterEyes(config, org);
  // The note names every open incident, whoever's it is.
  const ours = sideOf(config, org) === 'vendor' && hasTheDuty(config, org);
  const last = ours ? await desk.handover.last() : [];
  const { gaps, doubles } = problemsSeen(eyes, rosterProblems(config, now, AHEAD_DAYS, plan.zone));
  return {
    tiers: await Promise.all(
      turnsSeen(eyes, turnsAt(config, now, plan.zone)).map(async (turn) => {
        const found = last.find((one) => one.tier === turn.tier);
        const note = found?.notes[language];
        return {
          title: titleOf(turn.tier),
          person: turn.person === null ? null : name(turn.person),
          why: turn.why,
          until: turn.until,
          next: turn.next === null ? null : name(turn.next),
          shifts: shifts(config, turn.tier, now, now + AHEAD_DAYS * DAY, plan.zone)
            .map((one) => turnSeen(eyes, one))
            .map(({ from, to, person, why }) => ({
              from,
              to,
              person: person === null ? null : name(person),
              why,
            })),
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

function hasTheDuty(config: Config, org: string): boolean {
  const onDuty = new Set([
    ...Object.values(config.tiers).flat(),
    ...Object.values(config.rotations).flatMap((one) => one.people),
  ]);
  return config.people.some((one) => onDuty.has(one.id) && one.org === org);
}
