import { ack } from './ack.ts';
import { advise } from './advise.ts';
import { answer } from './answer.ts';
import { approve } from './approve.ts';
import { arrive } from './arrive.ts';
import { capture } from './capture.ts';
import { cause } from './cause.ts';
import { clocks } from './clocks.ts';
import { close } from './close.ts';
import type { ChatCommand } from './command.ts';
import { confirmPause } from './confirm-pause.ts';
import { contact } from './contact.ts';
import { decline } from './decline.ts';
import { deliver } from './deliver.ts';
import { diagnose } from './diagnose.ts';
import { dispatch } from './dispatch.ts';
import { document } from './document.ts';
import { done } from './done.ts';
import { edit } from './edit.ts';
import { escalate } from './escalate.ts';
import { followUp } from './follow-up.ts';
import { guest } from './guest.ts';
import { handLead } from './hand-lead.ts';
import { handoff } from './handoff.ts';
import { handover } from './handover.ts';
import { help } from './help.ts';
import { here } from './here.ts';
import { impact } from './impact.ts';
import { invite } from './invite.ts';
import { join } from './join.ts';
import { lead } from './lead.ts';
import { learn } from './learn.ts';
import { lesson } from './lesson.ts';
import { link } from './link.ts';
import { need } from './need.ts';
import { oncall } from './oncall.ts';
import { open } from './open.ts';
import { page } from './page.ts';
import { pages } from './pages.ts';
import { pause } from './pause.ts';
import { pin } from './pin.ts';
import { propose } from './propose.ts';
import { reject } from './reject.ts';
import { remote } from './remote.ts';
import { remove } from './remove.ts';
import { reopen } from './reopen.ts';
import { resolve } from './resolve.ts';
import { restore } from './restore.ts';
import { resume } from './resume.ts';
import { review } from './review.ts';
import { revoke } from './revoke.ts';
import { satisfaction } from './satisfaction.ts';
import { severity } from './severity.ts';
import { share } from './share.ts';
import { similar } from './similar.ts';
import { status } from './status.ts';
import { summary } from './summary.ts';
import { swap } from './swap.ts';
import { take } from './take.ts';
import { timeline } from './timeline.ts';
import { undo } from './undo.ts';
import { unlink } from './unlink.ts';
import { update } from './update.ts';
import { web } from './web.ts';

/** Every command of every platform, in the order of an incident. */
export const COMMANDS: readonly ChatCommand[] = [
  open,
  answer,
  severity,
  lead,
  handLead,
  ack,
  take,
  decline,
  need,
  page,
  escalate,
  handoff,
  join,
  invite,
  here,
  remove,
  unlink,
  contact,
  dispatch,
  arrive,
  diagnose,
  share,
  similar,
  capture,
  cause,
  impact,
  propose,
  edit,
  approve,
  reject,
  done,
  remote,
  update,
  advise,
  pause,
  confirmPause,
  resume,
  undo,
  restore,
  resolve,
  deliver,
  document,
  review,
  lesson,
  learn,
  followUp,
  satisfaction,
  pin,
  timeline,
  summary,
  status,
  web,
  guest,
  revoke,
  clocks,
  pages,
  oncall,
  handover,
  swap,
  link,
  reopen,
  close,
  help,
];

export function commandNamed(word: string): ChatCommand | null {
  const wanted = word.toLowerCase();
  return (
    COMMANDS.find((one) => one.name === wanted || one.zh.includes(word) || one.en.includes(wanted)) ?? null
  );
}

/** The known names nearest to a mistyped one, best first, at most three. */
export function nearest(word: string): readonly string[] {
  const wanted = word.toLowerCase();
  return COMMANDS.flatMap((one) => [...one.zh, ...one.en])
    .map((name) => ({ name, distance: distance(wanted, name) }))
    .filter((one) => one.distance <= Math.max(1, Math.ceil(Math.max(wanted.length, one.name.length) / 2)))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map((one) => one.name);
}

/** Edits between two short words; both are cut, so that a pasted line cannot make it slow. */
function distance(left: string, right: string): number {
  const a = [...left.slice(0, 24)];
  const b = [...right.slice(0, 24)];
  let row = b.map((_, index) => index + 1);
  a.forEach((letter, at) => {
    let corner = at;
    let before = at + 1;
    row = b.map((other, index) => {
      const above = row[index] ?? 0;
      const next = Math.min(above + 1, before + 1, corner + (letter === other ? 0 : 1));
      corner = above;
      before = next;
      return next;
    });
  });
  return row.at(-1) ?? a.length;
}
