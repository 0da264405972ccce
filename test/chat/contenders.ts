import { slackStage } from './slack-stage.ts';
import type { Contender } from './stage.ts';
import { webStage } from './web-stage.ts';

const OWN_SERVER = 'the desk is the service: nothing lies between it and the people';

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
    },
  },
  {
    name: 'Slack by socket',
    statuses: [0],
    open: () => slackStage('socket'),
    without: { intruders: 'the connection is opened by this side, with the token of the app' },
  },
  { name: 'Slack by HTTP', statuses: [400], open: () => slackStage('http'), without: {} },
];
