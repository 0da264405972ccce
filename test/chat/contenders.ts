import { dingtalkStage } from './dingtalk-stage.ts';
import { feishuStage } from './feishu-stage.ts';
import { slackStage } from './slack-stage.ts';
import type { Ability, Contender } from './stage.ts';
import { teamsStage } from './teams-stage.ts';
import { webStage } from './web-stage.ts';

const OWN_SERVER = 'the desk is the service: nothing lies between it and the people';

const NOT_TOLD_APART = 'nothing in a send tells a repeated one: the desk marks it as a possible duplicate';

const NO_PERMISSION_BY_CALL =
  'a bot is in a conversation or not, and asks nothing else of Teams: what was not consented to is never delivered';

const BRIDGE = [
  'shown',
  'answer',
  'caption',
  'picture',
  'attach',
  'refuseFile',
  'loseFile',
  'largest',
] as const satisfies readonly Ability[];

/** The same reason for all that a bridged conversation asks of a platform. */
const withoutBridge = (why: string): Partial<Record<Ability, string>> =>
  Object.fromEntries(BRIDGE.map((part) => [part, why]));

/** The table: every platform plays the same cases. */
export const CONTENDERS: readonly Contender[] = [
  {
    name: 'web',
    // Refused as a form, as a page that is not there, or answered to its sender alone.
    statuses: [400, 403, 404],
    open: webStage,
    without: {
      react: 'the web room edits its timeline instead',
      bots: 'only people log in',
      elsewhere: 'each room is an incident of its own',
      refuse: OWN_SERVER,
      forbid: OWN_SERVER,
      ...withoutBridge('the room shows the conversation itself: nothing is carried into it'),
    },
  },
  {
    name: 'Slack by socket',
    statuses: [0],
    open: () => slackStage('socket'),
    without: { intruders: 'the connection is opened by this side, with the token of the app' },
  },
  { name: 'Slack by HTTP', statuses: [400], open: () => slackStage('http'), without: {} },
  {
    name: 'Teams where all is heard',
    statuses: [400, 401, 403],
    open: () => teamsStage('everything'),
    without: { forbid: NO_PERMISSION_BY_CALL, loseFile: NOT_TOLD_APART },
  },
  {
    name: 'Teams where only the mentioned is heard',
    statuses: [400, 401, 403],
    open: () => teamsStage('addressed'),
    without: {
      forbid: NO_PERMISSION_BY_CALL,
      react: 'a reaction names a message that the bot has not heard',
      loseFile: NOT_TOLD_APART,
    },
  },
  {
    name: 'DingTalk by Stream Mode',
    statuses: [0],
    open: dingtalkStage,
    without: {
      react: 'DingTalk tells a robot of no reactions',
      bots: 'DingTalk delivers no message of a robot to a robot',
      intruders: 'the connection is opened by this side, with the secret of the app',
      loseFile: NOT_TOLD_APART,
    },
  },
  {
    name: 'Feishu by its long connection, where all is heard',
    statuses: [0],
    open: () => feishuStage('socket', 'everything'),
    without: { intruders: 'the connection is opened by this side, with the secret of the app' },
  },
  {
    name: 'Feishu by HTTP, where only the mentioned is heard',
    statuses: [400, 403],
    open: () => feishuStage('http', 'addressed'),
    without: {
      react: 'a reaction names a message that the bot may not read',
      caption: 'a file reaches the bot in the direct conversation alone',
    },
  },
];
