import type { Message } from '../src/chat/message.ts';
import { type ChatCommand, show } from './command.ts';

const FORMATS = ['docx', 'pdf', 'html', 'md'] as const;

/** The draft in four formats, served by the web room; a place without links still gets the address. */
export const summary: ChatCommand = {
  name: 'summary',
  zh: ['报告', '总结', '报告草稿'],
  en: ['summary', 'draft'],
  usage: { zh: '报告', en: 'summary' },
  about: {
    zh: '故障处理报告草稿：Word、PDF、HTML、Markdown',
    en: 'the draft report as Word, PDF, HTML and Markdown',
  },
  needsIncident: true,
  run: (call) => {
    const id = call.incident?.id ?? '';
    const open = [
      ...(call.incident?.cause ? [] : [{ zh: '原因', en: 'cause' }[call.language]]),
      ...(call.incident?.impact ? [] : [{ zh: '影响', en: 'impact' }[call.language]]),
    ];
    const blocks: Message['blocks'] = [
      {
        block: 'list',
        ordered: false,
        items: FORMATS.map((format) => [
          {
            cite: {
              label: `${{ zh: '故障处理报告', en: 'fault handling report' }[call.language]}.${format}`,
              to: `/incidents/${id}/reports/handling.${format}`,
            },
          },
        ]),
      },
      ...(open.length > 0
        ? [
            {
              block: 'note',
              text: { zh: `未说明：${open.join('、')}`, en: `not stated: ${open.join(', ')}` }[call.language],
            } as const,
          ]
        : []),
    ];
    return show(
      { zh: `📄 报告草稿 ${call.incident?.code ?? ''}`, en: `📄 draft report ${call.incident?.code ?? ''}` }[
        call.language
      ],
      blocks,
    );
  },
};
