/** Why a database cannot be used. The codes are stable: `doctor` and scripts may rely on them. */
export type StoreErrorCode =
  | 'newer-database'
  | 'read-only'
  | 'locked'
  | 'corrupt'
  | 'cannot-open'
  | 'disk-full'
  | 'unreachable'
  | 'failed';

const WORDS: Readonly<Record<StoreErrorCode, { readonly zh: string; readonly en: string }>> = {
  'newer-database': {
    zh: '数据库由更新版本的战情室写入，本版本不能使用。请升级程序，或恢复升级之前的备份。',
    en: 'The database was written by a newer warroom and this one cannot use it. Upgrade warroom, or restore the backup from before the upgrade.',
  },
  'read-only': {
    zh: '数据目录或数据库文件不可写。请授予运行用户写权限，或用 --data 指定另一个目录。',
    en: 'The data folder or the database file cannot be written. Give the user that runs warroom write permission, or name another folder with --data.',
  },
  locked: {
    zh: '数据库文件被另一个程序独占。请先关闭该程序（备份、数据库浏览器或另一个战情室），再重新启动。',
    en: 'Another program holds the database file. Close it (a backup, a database browser, another warroom) and start again.',
  },
  corrupt: {
    zh: '该文件不是完好的战情室数据库。请不要删除它：先另存一份，再恢复最近的备份，或用 --data 指定另一个目录。',
    en: 'The file is not an intact warroom database. Do not delete it: keep a copy, then restore the latest backup or name another folder with --data.',
  },
  'cannot-open': {
    zh: '无法打开数据库文件。请检查路径是否存在、是否为文件，或用 --data 指定另一个目录。',
    en: 'The database file cannot be opened. Check that the path exists and is a file, or name another folder with --data.',
  },
  'disk-full': {
    zh: '磁盘已满，刚才的内容没有保存。请腾出空间后重试。',
    en: 'The disk is full and the last change was not saved. Free some space and try again.',
  },
  unreachable: {
    zh: '无法连接数据库服务器。请检查连接地址、网络、用户名和口令。',
    en: 'The database server cannot be reached. Check its address, the network, the user and the password.',
  },
  failed: {
    zh: '数据库操作失败，刚才的内容没有保存。请查看日志中的原因后重试。',
    en: 'The database refused the operation and the last change was not saved. Look for the cause in the log and try again.',
  },
};

export class StoreError extends Error {
  readonly code: StoreErrorCode;
  /** What happened and how to put it right, for a reader of either language. */
  readonly words: { readonly zh: string; readonly en: string };

  constructor(code: StoreErrorCode, where: string, cause?: unknown) {
    const said = WORDS[code];
    super(`${said.zh} ${said.en} [${code}] ${where}`, { cause });
    this.name = 'StoreError';
    this.code = code;
    this.words = { zh: `${said.zh}（${where}）`, en: `${said.en} (${where})` };
  }
}
