import type { Note } from './reading.ts';
import { has } from './speech.ts';
import { coverage, topicTokens } from './tokens.ts';

/** Words that any two incidents share. */
const common = topicTokens(
  '系统 服务 恢复 问题 原因 报错 登录 失败 无法 节点 业务 正常 已经 重启 也登不上 另外 一个 还有 故障 the service is down error errors failing broken issue problem incident system server back again fixed resolved also another separate unrelated',
);

function own(tokens: ReadonlySet<string>, without: ReadonlySet<string>): Set<string> {
  return new Set([...tokens].filter((token) => !without.has(token) && !common.has(token)));
}

/**
 * Two incidents in one room: once somebody says that there is another one, what speaks of that one in its own words
 * is set aside, so that its start, end, cause and harm are not taken for those of the first. Thread replies follow
 * the thread they stand in.
 */
export function mainStrand(notes: readonly Note[]): readonly Note[] {
  if (!notes.some(isOther)) return notes;
  const main = new Set<string>();
  const other = new Set<string>();
  const otherThreads = new Set<string>();
  return notes.filter((note, order) => {
    const tokens = topicTokens(note.text.slice(0, 2000));
    if (order > 0 && isOther(note)) {
      const fresh = own(topicTokens(announcement(note)), main);
      if (fresh.size > 0) {
        for (const token of fresh) other.add(token);
        if (note.thread !== undefined) otherThreads.add(note.thread);
        return false;
      }
    }
    if (note.thread !== undefined && otherThreads.has(note.thread)) return false;
    if (other.size > 0) {
      const there = coverage(tokens, other);
      const here = coverage(tokens, main);
      if (there > 0 && there > here) return false;
    }
    if (other.size === 0) for (const token of tokens) if (!common.has(token)) main.add(token);
    return true;
  });
}

const isOther = (note: Note): boolean =>
  note.sentences.some((sentence) => has(sentence.hits, 'other') && !sentence.question);

/** What the announcement says of the other incident; "跟挂号没关系" names the first one. */
function announcement(note: Note): string {
  return note.sentences
    .map((sentence) => sentence.text)
    .join('\n')
    .replace(/[，,][^，,。\n]{0,16}(?:没关系|无关|不相关|两回事|两码事|unrelated)[^，,。\n]{0,16}/g, '');
}
