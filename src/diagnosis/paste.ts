import { normaliseLine } from './normalise.ts';
import { startsRecord } from './records.ts';

const LINES_READ = 400;
const LOOKED_AT = 2000;

const FRAME = /^\s*(?:at [\w$.<>/]{3,200}\(|\.\.\. \d+ (?:more|common frames)|File "[^"]{1,200}", line \d)/;
const EXCEPTION = /(?:^|[\s:"'(>])(?:[a-z][\w$]{0,60}\.){1,12}[A-Z][\w$]{0,120}(?:Exception|Error)\b/;
const OPENS_WITH_EXCEPTION = /^(?:[a-z]\w{0,60}\.){1,12}[A-Z]\w{0,120}(?:Exception|Error)(?::|$)/;
const CAUSE = /^\s*(?:Caused by|Suppressed): |^Traceback \(most recent call last\)|^Exception in thread "/;
const SERVER =
  /<(?:BEA|se?rver|srver)-\d{6}>|\[#\|\d{4}-|\bORA-\d{5}\b|\bRAR\d{4}\b|\bSQLSTATE\b|\bMSC\d{6}\b/;
const LEVELS =
  /(?:^|[\s[<|(:])(?:ERROR|WARN|WARNING|INFO|DEBUG|TRACE|FATAL|SEVERE|CRITICAL|NOTICE|Critical|Error|Warning|Notice|Info|error|crit|warn|严重|警告)(?:[\s\]>|):]|$)/;
const SHELL =
  /: line \d{1,6}: |: 行 ?\d{1,6}: |\bkernel: |(?:systemd|sshd|java)\[\d{1,7}\]: |(?:^|\s)(?:errno|exit code|signal) ?[=:]? ?\d/i;
const MESSAGE =
  /Too many open files|too many (?:clients|connections)|No space left on device|[Aa]ddress already in use|already in use\b|Permission denied|Out of memory|OutOfMemory|oom-killer|OOMKilled|Connection refused|Connection timed out|was not found in directory|没有那个文件|没有空间|权限不够|拒绝连接|打开的文件过多|已杀死|Communications link failure|致命错误[:：]|Segmentation fault|Read-only file system|\bE[A-Z]{4,11}\b[: ,]|JAVA_HOME|Could not find or load main class|Java Runtime Environment|initialization of VM|os::commit_memory|\bKilled {3,}|for queue: '|Java-level deadlock|\bFATAL: |\bRAS [A-Z]+ [A-Z]+ |\[(?:STUCK|ACTIVE|STANDBY)\]|Full GC|GC\(\d|Pause (?:Full|Young)|while (?:connecting|reading|sending)[^\n]{0,40}upstream|HTTP\/1\.[01]" \d{3}|java\.lang\.Thread\.State|\[(?:info|debug|notice|alert|emerg|error|crit|warning|warn)\]|CERTIFICATE_VERIFY_FAILED|already running\b/;

/**
 * Whether a chat message is a pasted log or carries one. Ordinary talk about a log ("报了 OutOfMemoryError，谁看看")
 * is talk: one weak sign is not enough unless the message is nothing but that line.
 */
export function looksLikeLog(text: string): boolean {
  let score = 0;
  let counted = 0;
  for (const physical of text.slice(0, 200_000).split('\n', LINES_READ))
    for (const line of normaliseLine(physical.slice(0, LOOKED_AT))) {
      const trimmed = line.trim();
      if (trimmed === '') continue;
      counted += 1;
      score += signs(line, trimmed);
      if (score >= 4) return true;
    }
  return counted > 0 && score >= 2 && (counted === 1 || score >= 3);
}

function signs(line: string, trimmed: string): number {
  let score = 0;
  if (FRAME.test(line)) score += 2;
  if (CAUSE.test(line)) score += 3;
  if (EXCEPTION.test(line)) score += OPENS_WITH_EXCEPTION.test(trimmed) ? 3 : 2;
  if (SERVER.test(trimmed)) score += 3;
  if (startsRecord(trimmed)) score += LEVELS.test(trimmed) ? 3 : 1;
  if (SHELL.test(trimmed)) score += 2;
  if (MESSAGE.test(trimmed)) score += talk(trimmed) ? 0 : 3;
  return score;
}

/** Words a person writes around a message they only mention. */
function talk(trimmed: string): boolean {
  return /[？?！]|吗|了[。，,]?$|又报|报了|出现了|怎么|谁|麻烦|看看|请|大家|我们|你们|是不是|好像|what|anyone|please|could you|should we|I think|we have/i.test(
    trimmed,
  );
}
