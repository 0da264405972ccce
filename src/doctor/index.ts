import { loadSettings, type Settings } from '../config.ts';
import { loadKnowledge } from '../diagnosis/index.ts';
import { postsWithoutContact } from '../roster/contacts.ts';
import { missingQualifications } from '../roster/directory.ts';
import { rosterProblems } from '../roster/oncall.ts';
import { fullTime } from '../words/time.ts';
import { type Check, ok } from './check.ts';
import { database } from './database.ts';
import { delivery } from './delivery.ts';
import { dingtalk } from './dingtalk.ts';
import { feishu } from './feishu.ts';
import { oidc } from './oidc.ts';
import { slack } from './slack.ts';
import { teams } from './teams.ts';

/** Everything that can be found wrong before 03:00, each with its fix. Calls and writes to nobody. */
export async function diagnoseInstallation(options: {
  readonly config: string | undefined;
  readonly file: string;
  /** `postgres://…` where several instances share one; the file is not looked at then. */
  readonly database?: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  /** This machine's clock, milliseconds since the epoch. */
  readonly clock: () => number;
}): Promise<readonly Check[]> {
  const checks: Check[] = [node()];
  const settings = configuration(options.config, checks);
  checks.push(knowledge());
  if (settings) {
    checks.push(
      ...people(settings),
      ...tiers(settings),
      roster(settings, options.clock()),
      ...systems(settings),
      ...posts(settings),
    );
    checks.push(...(await delivery(settings, options.environment)));
    checks.push(...(await oidc(settings, options.environment)));
    checks.push(...(await slack(settings, options.environment, options.clock)));
    checks.push(...(await teams(settings, options.environment, options.clock)));
    checks.push(...(await feishu(settings, options.environment, options.clock)));
    checks.push(...(await dingtalk(settings, options.environment, options.clock)));
  }
  checks.push(...(await database(options)));
  return checks;
}

function node(): Check {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 20) return ok('Node', process.versions.node);
  return {
    check: 'Node',
    state: 'bad',
    detail: process.versions.node,
    fix: '安装 Node 20 或更高版本 / install Node 20 or later',
  };
}

function configuration(file: string | undefined, checks: Check[]): Settings | null {
  try {
    const settings = loadSettings(file);
    checks.push(
      settings.sample
        ? {
            check: '配置 config',
            state: 'warn',
            detail: '样例 the sample',
            fix: 'cp warroom.sample.yaml warroom.yaml，换成自己的人员与系统 / then put in your own people and systems',
          }
        : ok('配置 config', settings.configFile),
    );
    checks.push(ok('预案 plan', `${settings.plan.title.zh} · ${settings.plan.version}`));
    return settings;
  } catch (error) {
    checks.push({
      check: '配置 config',
      state: 'bad',
      detail: error instanceof Error ? error.message : String(error),
      fix: '按上面的行号修改 / mend the line named above',
    });
    return null;
  }
}

function knowledge(): Check {
  try {
    const known = loadKnowledge();
    return ok(
      '知识库 knowledge',
      `${known.faults.size} faults · ${known.steps.size} steps · ${known.version}`,
    );
  } catch (error) {
    return {
      check: '知识库 knowledge',
      state: 'bad',
      detail: error instanceof Error ? error.message : String(error),
      fix: '按上面的行号修改 / mend the line named above',
    };
  }
}

function people({ config }: Settings): readonly Check[] {
  const silent = config.people.filter((one) => one.contacts.length === 0);
  return [
    silent.length === 0
      ? ok('联系方式 contacts', `${config.people.length}`)
      : {
          check: '联系方式 contacts',
          state: 'bad',
          detail: silent.map((one) => one.name).join('、'),
          fix: '在 warroom.yaml 为其添加 contacts / add contacts',
        },
    ...unreachableChats(config),
    ...config.people
      .filter(
        (one) =>
          one.contacts.every((way) => way.method === 'room') &&
          Object.values(config.tiers).flat().includes(one.id),
      )
      .slice(0, 1)
      .map(
        (one): Check => ({
          check: '夜间呼叫 night calls',
          state: 'warn',
          detail: `${one.name} 等人只能在房间里被点名 can only be mentioned in the room`,
          fix: '为在岗人员添加 webhook（电话/短信）或 email / add a webhook or email contact',
        }),
      ),
  ];
}

/** A direct message on a platform that is not configured reaches nobody. */
function unreachableChats(config: Settings['config']): readonly Check[] {
  const configured = new Set(Object.keys(config.chat));
  const lost = config.people.flatMap((one) =>
    one.contacts.flatMap((way) =>
      way.method === 'chat' && !configured.has(way.platform) ? [`${one.name}（${way.platform}）`] : [],
    ),
  );
  return lost.length === 0
    ? []
    : [
        {
          check: '联系方式 contacts',
          state: 'bad',
          detail: `聊天平台未配置 chat platform not configured: ${lost.join('、')}`,
          fix: '在 chat 下配置该平台，或换一种联系方式 / configure it under chat, or name another way',
        },
      ];
}

function tiers({ config, plan }: Settings): readonly Check[] {
  const byId = new Map(config.people.map((one) => [one.id, one]));
  return plan.tiers.map((tier) => {
    const ids = config.tiers[String(tier.tier)] ?? [];
    const check = `${tier.title.zh}`;
    if (ids.length === 0) {
      return {
        check,
        state: 'bad',
        detail: '无人在岗 nobody on call',
        fix: `在 warroom.yaml 的 tiers."${tier.tier}" 里加人 / add people to tiers."${tier.tier}"`,
      };
    }
    const unqualified =
      tier.tier === 1
        ? ids.filter(
            (id) =>
              missingQualifications(
                byId.get(id) ?? { id, name: id, org: '', language: 'zh', contacts: [], accounts: {} },
              ).length > 0,
          )
        : [];
    if (unqualified.length > 0) {
      return {
        check,
        state: 'warn',
        detail: `资历不足 not qualified: ${unqualified.join('、')}`,
        fix: '补 qualifications，或调整值班顺序（L210–211）/ add qualifications or change the order',
      };
    }
    return ok(check, ids.join(' → '));
  });
}

/** The next fourteen days: nobody on duty, or one person in two tiers at once. */
function roster({ config, plan }: Settings, now: number): Check {
  const { gaps, doubles } = rosterProblems(config, now, 14, plan.zone);
  const check = '值班表 roster';
  const [gap] = gaps;
  if (gap) {
    return {
      check,
      state: 'bad',
      detail: `${gap.tier} 级 ${fullTime(gap.from, plan.zone)} 至 ${fullTime(gap.to, plan.zone)} 无人可呼叫 nobody to call (${gaps.length})`,
      fix: `补 rotations."${gap.tier}" 的时段，或加 overrides / cover the hours or add an override`,
    };
  }
  const [double] = doubles;
  if (double) {
    return {
      check,
      state: 'warn',
      detail: `${double.person} 同时值 ${double.tiers.join('、')} 级 is on call in two tiers at ${fullTime(double.from, plan.zone)}`,
      fix: '换一人，或加 overrides / swap one of them',
    };
  }
  return ok(check, '14 天内无空档 no gap in 14 days');
}

/** Posts of the joint war room without anybody to call (plan L252), and names that the plan does not know. */
function posts({ config, plan }: Settings): readonly Check[] {
  const check = '联防联控岗位 joint posts';
  const known = new Set(plan.posts.map((one) => one.id));
  const named = [
    ...Object.keys(config.posts),
    ...config.organisations.flatMap((one) => Object.keys(one.posts)),
  ];
  const strange = [...new Set(named)].filter((one) => !known.has(one));
  const empty = postsWithoutContact(config, plan);
  const title = (post: string): string => plan.posts.find((one) => one.id === post)?.title.zh ?? post;
  return [
    ...(strange.length === 0
      ? []
      : [
          {
            check,
            state: 'bad',
            detail: `预案里没有 unknown to the plan: ${strange.join('、')}`,
            fix: `改成预案文件 posts 里的岗位代号 / use an id of the plan's posts: ${[...known].join(', ')}`,
          } as const,
        ]),
    empty.length === 0
      ? ok(check, `${plan.posts.filter((one) => one.joint).length} 个岗位都有联系人 all have a contact`)
      : {
          check,
          state: 'warn',
          detail: `没有联系人 nobody to call: ${empty.map(title).join('、')}`,
          fix: '在 organisations 里为承担该岗位的单位写 posts（L252）/ name a contact under organisations',
        },
  ];
}

function systems({ config }: Settings): readonly Check[] {
  return config.systems.flatMap((system): readonly Check[] => {
    const missing = (['emergency-lead', 'system-owner'] as const).filter((role) => !system.approvers[role]);
    const lead = system.approvers['emergency-lead']?.holder;
    if (missing.length > 0) {
      return [
        {
          check: system.name,
          state: 'bad',
          detail: `缺批准人 no approver: ${missing.join('、')}`,
          fix: `systems.${system.id}.approvers`,
        },
      ];
    }
    if (lead !== undefined && lead === system.approvers['system-owner']?.holder) {
      return [
        {
          check: system.name,
          state: 'bad',
          detail: '两个批准角色是同一人 both approvers are one person',
          fix: '指定两个不同的人 / name two different people',
        },
      ];
    }
    return [ok(system.name, '批准人齐全 approvers named')];
  });
}
