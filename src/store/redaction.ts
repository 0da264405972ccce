import { REDACTIONS } from './chain.ts';
import type { NewTalk, Redaction } from './port.ts';

/** The name under which a redaction is written down and looked for by `verify`. */
export function redactionOf(stream: string, position: number): string {
  return `${stream}:${position}`;
}

/** Who removed what and why, as a line of the incident's own stream of redactions. */
export function redactionLine({ incident, stream, position, by, at, reason }: Redaction): NewTalk {
  return {
    incident,
    stream: REDACTIONS,
    kind: 'deleted',
    message: redactionOf(stream, position),
    author: by,
    occurred: at,
    recorded: at,
    text: reason,
    platform: 'store',
    form: 'text',
  };
}
