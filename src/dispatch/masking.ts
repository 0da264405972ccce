import type { CommandBody } from '../incident/commands.ts';

/** Free text inside a command is masked like talk: a secret typed into a reason is still a secret. */
export function maskBody(body: CommandBody, mask: (text: string) => string): CommandBody {
  if (body.type === 'paste-log') return body;
  return maskValue(body, mask);
}

function maskValue<T>(value: T, mask: (text: string) => string): T {
  const masked = JSON.parse(JSON.stringify(value), (_key, one: unknown) =>
    typeof one === 'string' ? mask(one) : one,
  );
  return masked;
}

/** What the room shows of a pasted file: its beginning and end; the finding names line numbers of the whole. */
export function excerpt(text: string): string {
  const lines = text.split('\n');
  if (lines.length <= 120 && text.length <= 20_000) return text;
  const cut = (part: readonly string[]): string => part.map((one) => one.slice(0, 400)).join('\n');
  return `${cut(lines.slice(0, 80))}\n… ${lines.length} …\n${cut(lines.slice(-20))}`;
}
