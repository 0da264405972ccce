import type { EventOf } from '../../../incident/events.ts';
import { BECAUSE, term } from '../../../words/terms.ts';
import type { Frame } from '../frame.ts';
import { postTitle } from '../titles.ts';
import { lineIn, type Sentence } from './line.ts';

/** What one organisation was asked for, how far its own ladder went up, who answers for the result. */
export function organisationSentence(
  body: EventOf<'PostNeeded' | 'LevelRaised' | 'LeadHandedOver'>,
  frame: Frame,
): Sentence {
  const line = lineIn(frame);
  switch (body.type) {
    case 'PostNeeded': {
      const post = postTitle(frame, body.post);
      const org = frame.orgs(body.org);
      return line(
        `需要${post}（${org}）${body.reason ? `：${body.reason}` : ''}`,
        `${post} of ${org} was asked for${body.reason ? `: ${body.reason}` : ''}`,
      );
    }
    case 'LevelRaised': {
      const org = frame.orgs(body.org);
      const why = term(BECAUSE, body.because, frame.language);
      return body.reached
        ? line(
            `${org} 升级到本单位第 ${body.level} 级：${why}`,
            `${org} raised its own level ${body.level}: ${why}`,
            { tone: 'warn' },
          )
        : line(
            `${org} 第 ${body.level} 级无可联系人员，跳过`,
            `nobody of level ${body.level} of ${org} could be reached; skipped`,
            { tone: 'bad' },
          );
    }
    case 'LeadHandedOver':
      return line(
        `主责由 ${frame.orgs(body.from)} 移交 ${frame.orgs(body.to)}：${body.reason}`,
        `the lead went from ${frame.orgs(body.from)} to ${frame.orgs(body.to)}: ${body.reason}`,
        { tone: 'warn' },
      );
    default: {
      const unknown: never = body;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
}
