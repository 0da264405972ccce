import { strToU8, zipSync } from 'fflate';
import { png } from './png.ts';

export interface PackageOptions {
  /** The app's id in Microsoft Entra; the bot has the same. */
  readonly app: string;
  readonly version: string;
  readonly name: string;
  /** Address of the web room; Teams shows it as the developer's. */
  readonly web: string;
  readonly hears: 'everything' | 'addressed';
}

/** …/resources/schema/manifest-schema: what a message's menu and the command list show. */
export const MANIFEST_VERSION = '1.19';
export const MENU = ['diagnose', 'pin'] as const;

const ACCENT = '#C2410C';
const COMMANDS = [
  ['开启', '登记事件 open an incident'],
  ['应答', '应答呼叫 acknowledge a page'],
  ['诊断', '诊断日志 diagnose a log'],
  ['状态', '事件现状 how things stand'],
  ['提议', '提议处置 propose an action'],
  ['批准', '批准处置 approve an action'],
  ['恢复', '业务已恢复 service is restored'],
  ['报告', '报告草稿 the draft report'],
  ['帮助', '全部命令 all commands'],
] as const;

/** The app as Teams takes it: manifest.json and two icons in a zip. */
export function teamsPackage(options: PackageOptions): Uint8Array {
  return zipSync({
    'manifest.json': strToU8(`${JSON.stringify(teamsManifest(options), null, 2)}\n`),
    'color.png': icon(192, 'color'),
    'outline.png': icon(32, 'outline'),
  });
}

export function teamsManifest({ app, version, name, web, hears }: PackageOptions) {
  const commands = COMMANDS.map(([title, description]) => ({ title, description }));
  return {
    $schema: `https://developer.microsoft.com/json-schemas/teams/v${MANIFEST_VERSION}/MicrosoftTeams.schema.json`,
    manifestVersion: MANIFEST_VERSION,
    version,
    id: app,
    developer: {
      name: name.slice(0, 32),
      websiteUrl: web,
      privacyUrl: new URL('/privacy', web).href,
      termsOfUseUrl: new URL('/terms', web).href,
    },
    name: { short: name.slice(0, 30), full: `${name} · 应急事件室 incident room`.slice(0, 100) },
    description: {
      short: '应急事件的房间、时限、诊断与报告',
      full: [
        '战情室在 Teams 里登记事件、按预案计时与呼叫、诊断粘贴的日志、走完批准并写出报告。',
        'warroom keeps incidents in Teams: intake, the plan’s clocks and pages, diagnosis of pasted logs, approvals and the report.',
        hears === 'everything'
          ? '它按所有者的同意记录所在团队与聊天的消息，作为事件记录。 With the owner’s consent it records the messages of its teams and chats as the record of the incident.'
          : '它只读 @ 它的消息。 It reads only what mentions it.',
      ].join('\n'),
    },
    icons: { color: 'color.png', outline: 'outline.png' },
    accentColor: ACCENT,
    bots: [
      {
        botId: app,
        scopes: ['personal', 'team', 'groupChat'],
        supportsFiles: true,
        isNotificationOnly: false,
        commandLists: [{ scopes: ['personal', 'team', 'groupChat'], commands }],
      },
    ],
    composeExtensions: [
      {
        botId: app,
        commands: [
          menuCommand('diagnose', '诊断这条消息 Diagnose', '把消息当作日志诊断 reads the message as a log'),
          menuCommand('pin', '记入时间线 Timeline', '放到事件时间线上 puts the message on the timeline'),
        ],
      },
    ],
    permissions: ['identity', 'messageTeamMembers'],
    validDomains: [new URL(web).hostname],
    ...(hears === 'everything' ? consent(app, web) : {}),
  };
}

function menuCommand(id: (typeof MENU)[number], title: string, description: string) {
  return { id, type: 'action', title, description, context: ['message'], fetchTask: true };
}

/** …/bots/how-to/conversations/channel-messages-with-rsc: without these Teams delivers only what mentions the bot. */
const CONSENT = ['ChannelMessage.Read.Group', 'ChatMessage.Read.Chat', 'ChatMessageReadReceipt.Read.Chat'];

function consent(app: string, web: string) {
  return {
    webApplicationInfo: { id: app, resource: web },
    authorization: {
      permissions: { resourceSpecific: CONSENT.map((name) => ({ name, type: 'Application' })) },
    },
  };
}

/** A flag on a pole; white on the accent, or its white outline alone, as Teams asks of the small one. */
function icon(size: number, kind: 'color' | 'outline'): Uint8Array {
  const flag = (x: number, y: number): boolean => {
    const pole = x >= 0.26 && x < 0.34 && y >= 0.18 && y < 0.84;
    const cloth = x >= 0.34 && y >= 0.2 && y < 0.56 && x < 0.8 - 0.16 * (1 - Math.abs(y - 0.38) / 0.18);
    return pole || cloth;
  };
  return png(size, (x, y) => {
    // Four by four samples a point, so that slopes are smooth.
    let inside = 0;
    for (let at = 0; at < 16; at += 1)
      if (flag((x + (at % 4) / 4 + 0.125) / size, (y + Math.floor(at / 4) / 4 + 0.125) / size)) inside += 1;
    const cover = inside / 16;
    if (kind === 'outline') return [255, 255, 255, Math.round(cover * 255)];
    const mix = (back: number): number => Math.round(back + (255 - back) * cover);
    return [mix(0xc2), mix(0x41), mix(0x0c), 255];
  });
}
