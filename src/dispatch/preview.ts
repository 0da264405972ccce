import type { Block, Message } from '../chat/message.ts';
import type { Inbound } from '../chat/port.ts';
import { diagnosisCard } from '../effects/announce/diagnosis.ts';
import type { CommandOf } from '../incident/commands.ts';
import type { Instant } from '../incident/events.ts';
import type { Language, Plan, Words } from '../incident/plan.ts';
import type { Crossed } from './crossing.ts';

/** Lines of the preview that stand open; nobody reads more at 03:00, and the rest is the same text. */
const SHOWN_LINES = 40;

/** For the sender alone: what it is, and what the others would read of it. */
export function previewMessage(
  log: CommandOf<'paste-log'>,
  crossed: Crossed,
  plan: Plan,
  inbound: Inbound,
  now: Instant,
): Message {
  const zh = inbound.language === 'zh';
  const card = diagnosisCard(
    { ...log, type: 'FaultDiagnosed' },
    { language: inbound.language, plan, now, nameOf: (id) => id, orgName: (id) => id, eyes: null },
  );
  const lines = crossed.text.split('\n');
  const code = lines.slice(0, SHOWN_LINES).join('\n');
  const more = lines.length - SHOWN_LINES;
  const blocks: Block[] = [
    {
      block: 'text',
      text: notYet(crossed.hidden)[inbound.language],
    },
    { block: 'code', code, startLine: 1, marked: [] },
    ...(more > 0
      ? [{ block: 'note', text: zh ? `… 另有 ${more} 行` : `… ${more} more lines` } as const]
      : []),
    {
      block: 'buttons',
      buttons: [
        {
          label: zh ? '发送给所有人' : 'Share with everyone',
          command: 'share',
          args: { message: log.excerpt },
          style: 'primary',
        },
        {
          label: zh ? '仅本单位' : 'Keep within my organisation',
          command: 'share',
          args: { message: log.excerpt, keep: 'yes' },
          style: 'plain',
        },
      ],
    },
    {
      block: 'fold',
      summary: zh ? '诊断（只有您看到）' : 'Diagnosis (only you see it)',
      blocks: [
        { block: 'text', text: card.headline },
        ...card.blocks.filter((one) => one.block !== 'buttons'),
      ],
    },
  ];
  return { headline: card.headline, blocks, tone: 'warn', card: null };
}

function notYet(hidden: number): Words {
  if (hidden === 0)
    return {
      zh: '还没有发给其他单位。发送后他们将看到：',
      en: 'Other organisations have not seen it. They would read:',
    };
  return {
    zh: `还没有发给其他单位。按客户的规则遮盖了 ${hidden} 处（地址、主机名、账号）；他们将看到：`,
    en: `Other organisations have not seen it. The customer's rule hides ${hidden} places (addresses, hosts, accounts); they would read:`,
  };
}

export function nothingHeld(language: Language): Message {
  const headline = {
    zh: '没有等待发送的日志：已经发送过，或不是本单位的',
    en: 'no log waits to be shared: it was shared already, or it is not of your organisation',
  }[language];
  return { headline, blocks: [], tone: 'plain', card: null };
}

export function keptWithin(language: Language): Message {
  const headline = {
    zh: '已留在本单位，其他单位看不到',
    en: 'kept within your organisation; nobody else sees it',
  }[language];
  return { headline, blocks: [], tone: 'plain', card: null };
}
