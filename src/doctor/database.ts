import { existsSync, statSync } from 'node:fs';
import { reason } from '../contact/email.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/port.ts';
import { type Check, ok } from './check.ts';

const CHECK = '数据库 database';
/** What an honest network and a kept clock stay below; beyond it people read other times than the record. */
const SKEW_WARN_MS = 2_000;
const SKEW_BAD_MS = 30_000;
const ASKED = 3;

interface Where {
  readonly file: string;
  readonly database?: string | undefined;
  readonly clock: () => number;
}

export async function database({ file, database: url, clock }: Where): Promise<readonly Check[]> {
  if (!url && !existsSync(file)) return [ok(CHECK, `尚未建立 not made yet: ${file}`)];
  try {
    const store = await openStore(url ?? file);
    try {
      return [await record(store, url ? null : file), ...(await skew(store, clock))];
    } finally {
      await store.close();
    }
  } catch (error) {
    return [
      {
        check: CHECK,
        state: 'bad',
        detail: reason(error),
        fix: url
          ? '检查 WARROOM_DATABASE 的地址、口令与网络，或升级程序 / check address, password and network of WARROOM_DATABASE, or take a newer program'
          : '换一个 --data，或升级程序 / another --data, or a newer program',
      },
    ];
  }
}

async function record(store: Store, file: string | null): Promise<Check> {
  const verified = await store.verify();
  if (verified.ok) {
    const size = file === null ? '' : ` · ${Math.round(statSync(file).size / 1024)} KiB`;
    return ok(CHECK, `${verified.incidents} incidents${size} · head ${verified.head.slice(0, 12)}`);
  }
  return {
    check: CHECK,
    state: 'bad',
    detail: `${verified.incident} #${verified.position}: ${verified.why}`,
    fix: '从备份恢复，并保留现状作为证据 / restore from a backup and keep this state as evidence',
  };
}

/** The database's time decides what is due; a machine that is far from it shows people the wrong time. */
async function skew(store: Store, clock: () => number): Promise<readonly Check[]> {
  if (!store.now) return [];
  const check = '时钟偏差 clock skew';
  const measured: { readonly ahead: number; readonly took: number }[] = [];
  for (let count = 0; count < ASKED; count += 1) {
    const before = clock();
    const theirs = await store.now();
    const after = clock();
    measured.push({ ahead: theirs - (before + after) / 2, took: after - before });
  }
  const [best] = measured.sort((a, b) => a.took - b.took);
  const ahead = Math.round(best?.ahead ?? 0);
  const detail =
    ahead >= 0 ? `本机慢 ${ahead} ms behind the database` : `本机快 ${-ahead} ms ahead of the database`;
  if (Math.abs(ahead) < SKEW_WARN_MS) return [ok(check, detail)];
  return [
    {
      check,
      state: Math.abs(ahead) < SKEW_BAD_MS ? 'warn' : 'bad',
      detail,
      fix: '两边都用 NTP 对时（chronyc tracking、timedatectl）；何时呼叫以数据库时间为准 / keep both clocks by NTP (chronyc tracking, timedatectl); the database’s time decides when pages go out',
    },
  ];
}
