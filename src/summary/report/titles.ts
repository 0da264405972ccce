import type { DocumentKind } from '../../incident/events.ts';
import type { Language, Words } from '../../incident/plan.ts';
import { BECAUSE, DOCUMENT, term } from '../../words/terms.ts';
import type { Frame } from './frame.ts';

const CHANNEL = {
  chat: { zh: '聊天', en: 'chat' },
  phone: { zh: '电话', en: 'telephone' },
  alert: { zh: '告警', en: 'alert' },
  drill: { zh: '演练', en: 'drill' },
} as const;

const PHASE = {
  startup: { zh: '启动阶段', en: 'at start-up' },
  running: { zh: '运行中', en: 'while running' },
  unknown: { zh: '阶段不明', en: 'phase unknown' },
} as const;

/** The plan's components (L19); a component of another name is printed as it was written. */
const COMPONENT: Readonly<Record<string, Words>> = {
  application: { zh: '应用', en: 'application' },
  middleware: { zh: '中间件', en: 'middleware' },
  database: { zh: '数据库', en: 'database' },
  'operating-system': { zh: '操作系统', en: 'operating system' },
  network: { zh: '网络', en: 'network' },
  hardware: { zh: '硬件', en: 'hardware' },
  storage: { zh: '存储', en: 'storage' },
};

/** `server.log.1:33` in an archive of several files, `L33` elsewhere. */
export const placeOf = (proof: { line: number; file?: string; fileLine?: number }): string =>
  proof.file === undefined ? `L${proof.line}` : `${proof.file}:${proof.fileLine ?? proof.line}`;
export const componentTitle = (component: string, language: Language): string =>
  term(COMPONENT, component, language);
const ABOUT: Readonly<Record<string, Words>> = {
  ...BECAUSE,
  severity: { zh: '定级', en: 'severity' },
  supervise: { zh: '督战', en: 'supervision' },
  'expert-group': { zh: '组建专家团队', en: 'expert group formed' },
};

/** Why somebody was told; `tier-3` is the tier that was called in. */
export function aboutTitle(frame: Pick<Frame, 'plan' | 'language'>, about: string): string {
  const tier = /^tier-(\d+)$/.exec(about)?.[1];
  if (tier === undefined) return term(ABOUT, about, frame.language);
  const title = tierTitle(frame, Number(tier));
  return frame.language === 'zh' ? `启用${title}` : `${title} called in`;
}
export const reportTitle = (report: DocumentKind, language: Language): string => DOCUMENT[report][language];
export const channelTitle = (channel: keyof typeof CHANNEL, language: Language): string =>
  CHANNEL[channel][language];
export const phaseTitle = (phase: keyof typeof PHASE, language: Language): string => PHASE[phase][language];
export function tierTitle(frame: Pick<Frame, 'plan' | 'language'>, tier: number): string {
  return frame.plan.tiers.find((one) => one.tier === tier)?.title[frame.language] ?? String(tier);
}

export function postTitle(frame: Pick<Frame, 'plan' | 'language'>, post: string): string {
  return frame.plan.posts.find((one) => one.id === post)?.title[frame.language] ?? post;
}

export function clockTitle(frame: Pick<Frame, 'plan' | 'language'>, clock: string): string {
  return frame.plan.clocks.find((one) => one.id === clock)?.title[frame.language] ?? clock;
}
