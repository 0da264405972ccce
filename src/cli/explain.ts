/** One sentence with the fix for what can go wrong at the door; the stack only when asked for. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = SENTENCES[code];
  const sentence = known ? `${known}\n${error.message}` : error.message;
  return process.env.WARROOM_DEBUG ? `${sentence}\n${error.stack ?? ''}` : sentence;
}

const SENTENCES: Readonly<Record<string, string>> = {
  EADDRINUSE:
    '端口被占用：换一个 --port，或先停掉占用它的进程（ss -ltnp）。 The port is in use: choose another --port, or stop the process that holds it.',
  EACCES:
    '没有权限：检查数据目录与端口的权限，或用 --data 换一个目录。 Permission denied: check the data folder and the port, or choose another folder with --data.',
  EROFS:
    '数据目录是只读的：用 --data 换一个可写目录。 The data folder is read-only: choose a writable one with --data.',
};
