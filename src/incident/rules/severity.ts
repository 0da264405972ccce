import type { Decision, Env } from '../commands.ts';
import { DEPARTMENT_HEAD, EXPERT_GROUP, LEADER } from '../directory.ts';
import type { Fact } from '../events.ts';
import { QUESTIONS, type Question, type Severity } from '../plan.ts';
import type { Incident } from '../state.ts';
import { accept, type Case, consequence, isBot, refuse, stated } from './case.ts';
import { notify } from './notify.ts';
import { protectiveShutdown } from './shutdown.ts';

export interface Proposal {
  readonly severity: Severity;
  /** Codes of the reasons, put into words at the edge. */
  readonly because: readonly string[];
  readonly line: string;
}

type Answers = Readonly<Partial<Record<Question, boolean>>>;

/** The questions that still change the answer, the plan's own first (plan L167–175). */
export function openQuestions(answers: Answers): readonly Question[] {
  const first: Question[] = ['interrupted', 'data-damaged', 'whole-network'];
  const next = unanswered(answers, first);
  if (next.length > 0) return next;
  if (answers['whole-network']) return [];
  if (answers['data-damaged'] || answers['data-lost']) return unanswered(answers, ['data-recoverable']);
  if (answers.interrupted) {
    return unanswered(answers, ['data-lost', 'economic-loss', 'core-part-replaced', 'major-upgrade']);
  }
  return [];
}

function unanswered(answers: Answers, questions: readonly Question[]): readonly Question[] {
  return questions.filter((question) => answers[question] === undefined);
}

/**
 * What the plan's four levels say of the answers; null until the first three questions are answered, unless
 * one answer alone decides. An interruption with economic loss but intact data fits no printed level: orange.
 */
export function proposeSeverity(answers: Answers): Proposal | null {
  if (answers['department-confirms-red']) return red('department-confirms');
  if (answers['whole-network']) return red('whole-network');
  const lost = answers['data-lost'] || answers['data-damaged'];
  if (lost && answers['data-recoverable'] === false) return red('data-unrecoverable');
  const first = [answers.interrupted, answers['data-damaged'], answers['whole-network']];
  if (first.some((answer) => answer === undefined)) return null;
  if (lost) return orange('data-recoverable');
  if (answers['core-part-replaced']) return orange('core-part-replaced');
  if (answers.interrupted && answers['major-upgrade']) return orange('major-upgrade');
  if (answers.interrupted && answers['economic-loss']) return orange('economic-loss');
  if (answers.interrupted)
    return { severity: 'yellow', because: ['interrupted', 'data-intact', 'quick-fix'], line: 'L171' };
  return { severity: 'blue', because: ['not-interrupted', 'latent-risk'], line: 'L169' };
}

function red(reason: string): Proposal {
  return { severity: 'red', because: [reason], line: 'L175' };
}

function orange(reason: string): Proposal {
  return { severity: 'orange', because: [reason], line: 'L173' };
}

export function answer({ state, body, command, env }: Case<'answer'>): Decision {
  const answers = { ...state.answers, ...body.answers };
  const changed = QUESTIONS.filter(
    (question) => body.answers[question] !== undefined && body.answers[question] !== state.answers[question],
  );
  const facts: Fact[] = changed.map((question) =>
    stated(command, env, { type: 'QuestionAnswered', question, answer: answers[question] ?? false }),
  );
  const proposal = proposeSeverity(answers);
  const same =
    proposal?.severity === state.proposed?.severity &&
    String(proposal?.because) === String(state.proposed?.because);
  if (proposal && !same) facts.push(consequence(env, { type: 'SeverityProposed', ...proposal }));
  return accept(...facts);
}

/** A person decides; raising and lowering is an audited event with a reason. */
export function setSeverity({ state, body, command, env }: Case<'set-severity'>): Decision {
  if (isBot(command.by)) return refuse('red-needs-person', {}, ['set-severity']);
  if (state.severity === body.severity) return refuse('severity-unchanged', { severity: body.severity });
  const asProposed = state.severity === null && state.proposed?.severity === body.severity;
  if (!asProposed && !body.reason?.trim())
    return refuse('reason-missing', { what: 'severity' }, ['set-severity']);
  return accept(
    stated(command, env, {
      type: 'SeveritySet',
      severity: body.severity,
      from: state.severity,
      reason: body.reason,
    }),
    ...consequences(state, body.severity, env),
  );
}

function consequences(state: Incident, severity: Severity, env: Env): readonly Fact[] {
  const rule = env.plan.severities[severity];
  // The department head was told of the incident first (L177); a change of level is news again.
  const facts: Fact[] = state.severity === null ? [] : [...notify(env, DEPARTMENT_HEAD, 'severity', state)];
  if (rule.shutdown !== 'none') facts.push(...protectiveShutdown(state, rule.shutdown, env));
  if (rule.leadership) {
    facts.push(
      ...notify(env, LEADER, 'supervise', state),
      ...notify(env, EXPERT_GROUP, 'expert-group', state),
    );
  }
  return facts;
}
