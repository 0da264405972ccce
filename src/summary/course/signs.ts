import { formOf, settingOf, weigh } from '../evidence.ts';
import { type Note, noteAt, placeOf, type Reading } from '../reading.ts';
import { likeliest } from '../rivals.ts';
import { bitsOf, marksFor } from '../rules.ts';
import { has, hasAny, marksIn, speechLimit } from '../speech.ts';
import { timesIn } from '../times.ts';
import { isFailing } from '../trouble.ts';
import type { Recovery } from './end.ts';
import { type Moment, minute } from './moment.ts';

const marks = marksFor([
  'recovered',
  'recoveredWeak',
  'recoveredInFull',
  'partial',
  'mitigated',
  'closed',
  'notRecovered',
  'futureRecovery',
  'symptom',
  'alert',
  'detect',
  'onset',
  'onsetWeak',
  'impactMark',
  'hedge',
  'propose',
  'done',
  'doing',
  'plan',
  'conditional',
  'causeRoot',
  'causeFound',
  'causeState',
  'breakage',
  'deny',
  'escalate',
  'reopened',
  'history',
  'workaround',
  'correction',
]);

/** Who explains, repairs or doubts speaks of a trouble without having it. */
const looksBack = bitsOf([
  'causeRoot',
  'causeFound',
  'causeState',
  'causeLink',
  'breakage',
  'done',
  'plan',
  'recovered',
  'closed',
  'hedge',
  'deny',
  'history',
  'conditional',
  'noImpact',
]);

const thanks = /谢|辛苦|\b(?:thanks|thank you|thx|cheers)\b/i;
const shortReply = 24;
const vagueClock = /[点时]多|多点|早些|大概|左右|约|前后|几点|\b(?:about|around|roughly|earlier)\b/i;
const moreThanHour = /[点时]多|点来钟|点左右|几点/;
const robot = /监控|告警|机器人|alert|monitor|\bbot\b|zabbix|prometheus|grafana/i;
const endOfConversation = 1;

/** What is known of the talk when its times are weighed. */
export interface Witnesses {
  reading: Reading;
  reporter: string | null;
  deeds: ReadonlyMap<number, unknown>;
  actors: ReadonlySet<string>;
  /** Position of the last message that tells a trouble; -1 when none does. */
  lastTrouble: number;
  firstTrouble: number;
  /** The same for questions that speak of a trouble. */
  lastDoubt: number;
  lastDeed: number;
  /** Where it is said that the trouble is not over, or back. */
  returns: readonly Moment[];
}

export function witnessesOf(
  reading: Reading,
  reporter: string | null,
  deeds: ReadonlyMap<number, unknown>,
  returns: readonly Moment[],
): Witnesses {
  const actors = new Set<string>();
  let [firstTrouble, lastTrouble, lastDoubt, lastDeed] = [-1, -1, -1, -1];
  for (const note of reading.notes) {
    if (deeds.has(note.index)) {
      lastDeed = note.index;
      if (note.author !== null && note.author !== reporter) actors.add(note.author);
    }
    const trouble = note.sentences.some(
      (each) => !each.question && isFailing(each) && !hasAny(each.hits, looksBack),
    );
    if (trouble && firstTrouble === -1) firstTrouble = note.index;
    if (trouble) lastTrouble = note.index;
    else if (note.sentences.some((each) => each.question && isFailing(each))) lastDoubt = note.index;
  }
  return { reading, reporter, deeds, actors, firstTrouble, lastTrouble, lastDoubt, lastDeed, returns };
}

/** What the other times told for the same fact tell of each. */
function companySigns(
  told: readonly Moment[],
  order: number,
  picked: Moment | null,
  witnesses: Witnesses,
): string[] {
  const moment = told[order];
  const signs: string[] = [];
  if (moment === undefined) return signs;
  const { notes } = witnesses.reading;
  const lastReturn = witnesses.returns.at(-1)?.index ?? -1;
  if (picked !== null && moment.value === picked.value) signs.push('picked by the order of the talk');
  const later = told.slice(order + 1, order + 6);
  const author = noteAt(notes, moment.index)?.author;
  if (later.some((each) => each.wall - moment.wall <= agreeing && each.author !== author))
    signs.push('another agrees');
  if (later.length === 0 && moment.index > witnesses.lastTrouble && moment.index > lastReturn)
    signs.push('the last word on it');
  if (later.some((each) => isClosing(each))) signs.push('closed afterwards');
  if ([1, 2, 3].some((on) => thanks.test(noteAt(notes, moment.index + on)?.text ?? '')))
    signs.push('thanks follow');
  if (lastReturn > moment.index) signs.push('came back later');
  if (order === 0) signs.push('told first');
  if (order === told.length - 1) signs.push('told last');
  const around = told.slice(Math.max(0, order - 3), order + 4);
  if (around.some((each) => each.value !== moment.value && Math.abs(each.wall - moment.wall) <= 5 * minute))
    signs.push('another close by');
  return signs;
}

/**
 * Weighs every moment told for one fact and answers the one that most speaks for, if enough does; `picked` is the one
 * that the order of the talk speaks for, `beside` are the moments of other facts, by name.
 */
export function weighMoments(
  fact: Course,
  told: readonly Moment[],
  picked: Moment | null,
  witnesses: Witnesses,
  beside: readonly (readonly [name: string, moment: Moment | null])[],
): { believed: Moment | null; likeliest: Moment | null } {
  const { notes } = witnesses.reading;
  for (const [order, moment] of told.entries()) {
    const place = placeOf(notes, moment.index);
    const note = notes[place];
    if (note === undefined) continue;
    const setting = settingOf(notes, place);
    const sentences = note.sentences.filter(({ question }) => !question);
    const own = moment.words === '' ? sentences : sentences.filter(({ text }) => text === moment.words);
    const signs = new Set([
      ...momentSigns(moment, witnesses),
      ...companySigns(told, order, picked, witnesses),
      ...beside.map(([name, other]) => placeBeside(name, moment, other)),
      ...own.flatMap((sentence) => formOf(note, sentence, sentence)),
      ...setting.signs,
    ]);
    const words = own.map(({ text }) => text).join('\n');
    Object.assign(moment, weigh(fact, [...signs], { ...setting, words }));
  }
  return likeliest(fact, told);
}

type Course = 'started' | 'detected' | 'mitigated' | 'resolved';

const hour = 60 * minute;

/** How a moment lies to one that is known already. */
function placeBeside(name: string, moment: Moment, other: Moment | null): string {
  if (other === null) return `not known: ${name}`;
  const apart = moment.wall - other.wall;
  if (apart === 0) return `when ${name}`;
  const far = Math.abs(apart) > 12 * hour ? 'long ' : Math.abs(apart) > hour ? 'hours ' : '';
  return `${far}${apart < 0 ? 'before' : 'after'} ${name}`;
}

const isClosing = (moment: Moment & Partial<Pick<Recovery, 'degree'>>): boolean => moment.degree === 'closed';

const agreeing = 15 * minute;
const day = 24 * 60 * minute;

/** Another time of day told in the same message, before this one and on the same day. */
const earlierIn = (note: Note, moment: Moment): boolean =>
  timesIn(note.text.slice(0, speechLimit), note.anchor).some(
    (time) => !time.dateOnly && time.wall < moment.wall && moment.wall - time.wall < day,
  );

function momentSigns(
  moment: Moment & Partial<Pick<Recovery, 'degree' | 'joins'>>,
  witnesses: Witnesses,
): string[] {
  const { index } = moment;
  const note = noteAt(witnesses.reading.notes, index);
  const signs = [
    `told with weight ${moment.weight}`,
    moment.stated ? 'time stated' : 'time of the message',
    ...(moment.degree === undefined ? [] : [`end ${moment.degree}`]),
    ...(moment.value.length <= 10 ? ['a day alone'] : []),
  ];
  if (note === undefined) return signs;
  signs.push(
    ...marksIn(
      note.sentences.flatMap(({ hits }) => hits),
      marks,
    ),
  );
  const { reading, reporter, actors, deeds, lastTrouble, lastDoubt, lastDeed } = witnesses;
  if (note.entry) signs.push('entry');
  else if (reading.monologue) signs.push('one author');
  else {
    if (note.author !== null && note.author === reporter) signs.push('by who reported');
    if (note.author !== null && actors.has(note.author)) signs.push('by who acts');
    if (robot.test(note.author ?? '')) signs.push('by a program');
  }
  const over = note.sentences.some((each) => has(each.hits, 'recovered', 'recoveredInFull', 'closed'));
  if (over && !note.entry) signs.push('tells the end as well');
  if (moment.stated && earlierIn(note, moment)) signs.push('an earlier time in the message');

  if (index === 0) signs.push('first message');
  if (index >= reading.length - endOfConversation) signs.push('last message');
  if (reading.length <= endOfConversation) signs.push('a single message');
  if (deeds.has(index)) signs.push('beside a deed');
  if (note.index === witnesses.firstTrouble) signs.push('in the report itself');
  if ([1, 2, 3].some((back) => deeds.has(index - back))) signs.push('right after a deed');
  if (lastDeed > index) signs.push('a deed later');
  if (lastTrouble > index) signs.push('trouble later');
  if (lastDoubt > index) signs.push('asked about later');
  if (note.sentences.some((each) => isFailing(each))) signs.push('failing');
  if (note.sentences.some((each) => each.question)) signs.push('asks');
  if (thanks.test(note.text)) signs.push('thanks');
  if (note.text.length <= shortReply) signs.push('short');
  if (note.text.length > 200) signs.push('long');
  if (moment.stated && moreThanHour.test(note.text)) signs.push('an hour and more');
  if (moment.stated && vagueClock.test(note.text.slice(0, 400))) signs.push('a vague clock');
  if (!/[\u3400-\u9fff]/.test(note.text)) signs.push('English');
  return signs;
}
