import type { EventOf } from '../../../incident/events.ts';
import { DELIVERY } from '../../../words/delivery.ts';
import { BECAUSE, QUALIFICATION, ROUTE, term } from '../../../words/terms.ts';
import { type Frame, say, shortTime } from '../frame.ts';
import { postTitle, tierTitle } from '../titles.ts';
import { lineIn, type Sentence } from './line.ts';

type PagingEvent = EventOf<
  | 'PersonPaged'
  | 'PageAcknowledged'
  | 'PageDeclined'
  | 'PageTimedOut'
  | 'PageWithdrawn'
  | 'PageDelivered'
  | 'TierRaised'
  | 'TierSkipped'
  | 'QualificationOverridden'
>;

/** Who was called, who answered, how far it went up. */
export function pagingSentence(body: PagingEvent, frame: Frame): Sentence {
  const { language } = frame;
  const line = lineIn(frame);
  switch (body.type) {
    case 'PersonPaged': {
      const target =
        body.tier === null
          ? body.post === null
            ? ''
            : postTitle(frame, body.post)
          : tierTitle(frame, body.tier);
      const because = term(BECAUSE, body.because, language);
      const person = frame.names(body.person);
      return line(
        `呼叫 ${person}${target === '' ? '' : `（${target}）`}，第 ${body.attempt} 次：${because}`,
        `${person} paged${target === '' ? '' : ` (${target})`}, attempt ${body.attempt}: ${because}`,
        {
          detail: say(
            frame,
            `应于 ${shortTime(frame, body.acknowledgeBy)} 前应答`,
            `answer due by ${shortTime(frame, body.acknowledgeBy)}`,
          ),
        },
      );
    }
    case 'PageAcknowledged':
      return line(`${frame.names(body.person)} 应答`, `${frame.names(body.person)} acknowledged`, {
        tone: 'good',
        detail: term(ROUTE, body.route, language),
      });
    case 'PageDeclined':
      return line(
        `${frame.names(body.person)} 拒接：${body.reason}`,
        `${frame.names(body.person)} declined: ${body.reason}`,
        { tone: 'warn' },
      );
    case 'PageTimedOut':
      return line(
        `${frame.names(body.person)} 到时未应答`,
        `${frame.names(body.person)} did not answer in time`,
        { tone: 'bad' },
      );
    case 'PageWithdrawn': {
      const because = term(BECAUSE, body.because, language);
      return line(
        `撤回对 ${frame.names(body.person)} 的呼叫：${because}`,
        `page to ${frame.names(body.person)} withdrawn: ${because}`,
        { hidden: true },
      );
    }
    case 'PageDelivered': {
      const outcome = DELIVERY[body.delivery.outcome][language];
      const method = term(ROUTE, body.delivery.method, language);
      const failed = body.delivery.outcome === 'failed' || body.delivery.outcome === 'exhausted';
      return line(
        `对 ${frame.names(body.person)} 的呼叫经${method}：${outcome}`,
        `page to ${frame.names(body.person)} by ${method}: ${outcome}`,
        { tone: failed ? 'bad' : 'plain', detail: body.delivery.detail, hidden: !failed },
      );
    }
    case 'TierRaised':
      return line(
        `升级到${tierTitle(frame, body.tier)}：${term(BECAUSE, body.because, language)}`,
        `raised to ${tierTitle(frame, body.tier)}: ${term(BECAUSE, body.because, language)}`,
        { tone: 'warn' },
      );
    case 'TierSkipped':
      return line(
        `跳过${tierTitle(frame, body.tier)}：${term(BECAUSE, body.because, language)}`,
        `${tierTitle(frame, body.tier)} skipped: ${term(BECAUSE, body.because, language)}`,
        { tone: 'bad' },
      );
    case 'QualificationOverridden': {
      const missing = body.missing
        .map((one) => term(QUALIFICATION, one, language))
        .join(say(frame, '、', ', '));
      return line(
        `准许 ${frame.names(body.person)} 首派，缺 ${missing}：${body.reason}`,
        `${frame.names(body.person)} allowed as first responder without ${missing}: ${body.reason}`,
        { tone: 'warn' },
      );
    }
    default: {
      const unknown: never = body;
      throw new Error(`unknown event ${JSON.stringify(unknown)}`);
    }
  }
}
