import { deliveryLine } from '../../words/delivery.ts';
import { BECAUSE, ROUTE, term } from '../../words/terms.ts';
import { duration } from '../../words/time.ts';
import { type Block, type Cell, unstated } from '../document.ts';
import { byEvents, eventsOf, type Frame, type Recorded, say, shortTime, time } from './frame.ts';
import { postTitle, tierTitle } from './titles.ts';

/** Who was called, by which way, and who answered: a receipt for every page. */
export function pages(frame: Frame): readonly Block[] {
  const paged = eventsOf(frame, 'PersonPaged');
  const blocks: Block[] = [...notices(frame), ...tiers(frame)];
  if (paged.length === 0)
    return blocks.length > 0 ? blocks : [{ block: 'paragraph', statements: [unstated] }];
  blocks.push({ block: 'heading', level: 2, text: say(frame, '呼叫与回执', 'Pages and receipts') });
  blocks.push({
    block: 'table',
    columns: [
      { title: say(frame, '时间', 'Time'), share: 0.12 },
      { title: say(frame, '对象', 'Person'), share: 0.3 },
      { title: say(frame, '缘由', 'Because'), share: 0.18 },
      { title: say(frame, '送达', 'Delivery'), share: 0.18 },
      { title: say(frame, '回应', 'Answer'), share: 0.22 },
    ],
    rows: paged.map((event) => row(frame, event)),
  });
  return blocks;
}

function row(frame: Frame, event: Recorded<'PersonPaged'>): readonly Cell[] {
  const { body } = event;
  const post =
    body.tier !== null ? tierTitle(frame, body.tier) : body.post !== null ? postTitle(frame, body.post) : '';
  const attempt = body.attempt > 1 ? say(frame, `，第 ${body.attempt} 次`, `, attempt ${body.attempt}`) : '';
  return [
    byEvents(shortTime(frame, event.occurred), event),
    byEvents(
      `${frame.names(body.person)}${post === '' ? '' : say(frame, `（${post}）`, ` (${post})`)}${attempt}`,
      event,
    ),
    byEvents(term(BECAUSE, body.because, frame.language), event),
    delivery(frame, body.page),
    answer(frame, event),
  ];
}

function delivery(frame: Frame, page: string): Cell {
  const receipts = eventsOf(frame, 'PageDelivered').filter((event) => event.body.page === page);
  if (receipts.length === 0) return unstated;
  const texts = receipts.map((event) =>
    deliveryLine({ ...event.body.delivery, at: event.occurred }, frame.plan.zone, frame.language),
  );
  return byEvents([...new Set(texts)].join('\n'), ...receipts);
}

function answer(frame: Frame, page: Recorded<'PersonPaged'>): Cell {
  const reply = eventsOf(frame, 'PageAcknowledged', 'PageDeclined', 'PageTimedOut', 'PageWithdrawn').find(
    (event) => event.body.page === page.body.page,
  );
  if (reply === undefined) return unstated;
  const when = shortTime(frame, reply.occurred);
  const took = duration(reply.occurred - page.occurred, frame.language);
  const { body } = reply;
  switch (body.type) {
    case 'PageAcknowledged': {
      const other = body.person === page.body.person ? '' : frame.names(body.person);
      const route = term(ROUTE, body.route, frame.language);
      return byEvents(
        say(
          frame,
          `${when} ${other}应答（${took}，${route}）`,
          `${when} acknowledged${other && ` by ${other}`} (${took}, ${route})`,
        ),
        page,
        reply,
      );
    }
    case 'PageDeclined':
      return byEvents(say(frame, `${when} 拒接：${body.reason}`, `${when} declined: ${body.reason}`), reply);
    case 'PageTimedOut':
      return byEvents(say(frame, `${when} 到时未应答`, `${when} no answer in time`), reply);
    case 'PageWithdrawn':
      return byEvents(
        say(
          frame,
          `${when} 撤回：${term(BECAUSE, body.because, 'zh')}`,
          `${when} withdrawn: ${term(BECAUSE, body.because, 'en')}`,
        ),
        reply,
      );
    default: {
      const never: never = body;
      return never;
    }
  }
}

/** The department head and others are told, not called to act (plan L177); an empty post is said to be empty. */
function notices(frame: Frame): readonly Block[] {
  const told = eventsOf(frame, 'PersonNotified', 'PostVacant');
  if (told.length === 0) return [];
  return [
    { block: 'heading', level: 2, text: say(frame, '通知', 'Notices') },
    {
      block: 'list',
      ordered: false,
      items: told.map((event) => {
        const post = postTitle(frame, event.body.post);
        const when = time(frame, event.occurred);
        return event.body.type === 'PostVacant'
          ? byEvents(say(frame, `${when} ${post}：岗位空缺`, `${when} ${post}: nobody holds the post`), event)
          : byEvents(
              say(
                frame,
                `${when} 通知${post} ${frame.names(event.body.person)}`,
                `${when} ${post} ${frame.names(event.body.person)} told`,
              ),
              event,
            );
      }),
    },
  ];
}

/** Escalation through the tiers (plan L210–215). */
function tiers(frame: Frame): readonly Block[] {
  const raised = eventsOf(frame, 'TierRaised', 'TierSkipped', 'QualificationOverridden');
  if (raised.length === 0) return [];
  return [
    { block: 'heading', level: 2, text: say(frame, '逐级响应', 'Escalation') },
    {
      block: 'list',
      ordered: false,
      items: raised.map((event) => {
        const when = time(frame, event.occurred);
        const { body } = event;
        if (body.type === 'QualificationOverridden') {
          return byEvents(
            say(
              frame,
              `${when} 准许 ${frame.names(body.person)} 首派（资历不全）：${body.reason}`,
              `${when} ${frame.names(body.person)} allowed as first responder without full qualification: ${body.reason}`,
            ),
            event,
          );
        }
        const tier = tierTitle(frame, body.tier);
        const because = term(BECAUSE, body.because, frame.language);
        return body.type === 'TierRaised'
          ? byEvents(
              say(frame, `${when} 启用${tier}：${because}`, `${when} ${tier} called in: ${because}`),
              event,
            )
          : byEvents(
              say(frame, `${when} 跳过${tier}：${because}`, `${when} ${tier} skipped: ${because}`),
              event,
            );
      }),
    },
  ];
}

/** Who worked on it for the vendor, in which way: for the service report. */
export function responders(frame: Frame): Block {
  const joined = eventsOf(frame, 'PageAcknowledged', 'FirstContactMade', 'PersonDispatched', 'PersonArrived');
  const people = new Map<string, (typeof joined)[number][]>();
  for (const event of joined) {
    const mine = people.get(event.body.person) ?? [];
    mine.push(event);
    people.set(event.body.person, mine);
  }
  if (people.size === 0) return { block: 'paragraph', statements: [unstated] };
  const when = (
    events: readonly (typeof joined)[number][],
    type: (typeof joined)[number]['body']['type'],
  ): Cell => {
    const first = events.find((event) => event.body.type === type);
    return first === undefined ? unstated : byEvents(shortTime(frame, first.occurred), first);
  };
  return {
    block: 'table',
    columns: [
      { title: say(frame, '人员', 'Person'), share: 0.28 },
      { title: say(frame, '应答', 'Acknowledged'), share: 0.18 },
      { title: say(frame, '首次联系', 'First contact'), share: 0.18 },
      { title: say(frame, '派出', 'Dispatched'), share: 0.18 },
      { title: say(frame, '到场', 'On site'), share: 0.18 },
    ],
    rows: [...people].map(([person, events]) => [
      byEvents(frame.names(person), ...events.slice(0, 1)),
      when(events, 'PageAcknowledged'),
      when(events, 'FirstContactMade'),
      when(events, 'PersonDispatched'),
      when(events, 'PersonArrived'),
    ]),
  };
}

/** Remote access with the customer's consent, its scope and its end (plan L156–160). */
export function remoteSessions(frame: Frame): readonly Block[] {
  const opened = eventsOf(frame, 'RemoteSessionOpened');
  if (opened.length === 0) return [];
  return [
    { block: 'heading', level: 2, text: say(frame, '远程会话', 'Remote sessions') },
    {
      block: 'table',
      columns: [
        { title: say(frame, '范围', 'Scope'), share: 0.34 },
        { title: say(frame, '同意人', 'Consent by'), share: 0.22 },
        { title: say(frame, '开始', 'From'), share: 0.22 },
        { title: say(frame, '结束', 'To'), share: 0.22 },
      ],
      rows: opened.map((event) => {
        const ended = eventsOf(frame, 'RemoteSessionEnded').find(
          (one) => one.body.session === event.body.session,
        );
        return [
          byEvents(event.body.scope, event),
          byEvents(frame.names(event.body.consentBy), event),
          byEvents(shortTime(frame, event.occurred), event),
          ended === undefined ? unstated : byEvents(shortTime(frame, ended.occurred), ended),
        ];
      }),
    },
  ];
}
