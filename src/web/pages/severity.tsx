import type { Severity } from '../../incident/plan.ts';
import type { Catalogue } from '../words.ts';

/**
 * Colour, word and shape together: a circle for blue, a triangle for yellow, a diamond for orange, an octagon
 * for red, a broken ring while nobody has decided.
 */
export function SeverityMark({ severity }: { severity: Severity | null }) {
  return (
    <svg class={`mark sev-${severity ?? 'unset'}`} viewBox="0 0 24 24" aria-hidden="true">
      <Shape severity={severity} />
    </svg>
  );
}

function Shape({ severity }: { severity: Severity | null }) {
  switch (severity) {
    case 'blue':
      return <circle cx="12" cy="12" r="9" />;
    case 'yellow':
      return <path d="M12 2.5 22.5 21h-21z" />;
    case 'orange':
      return <path d="M12 1 23 12 12 23 1 12z" />;
    case 'red':
      return <path d="M7.5 1h9L23 7.5v9L16.5 23h-9L1 16.5v-9z" />;
    case null:
      return (
        <circle
          cx="12"
          cy="12"
          r="8.5"
          fill="none"
          stroke="currentColor"
          stroke-width="2.5"
          stroke-dasharray="4 3"
        />
      );
    default: {
      const never: never = severity;
      return never;
    }
  }
}

export function severityWord(words: Catalogue, severity: Severity | null, proposed: Severity | null): string {
  if (severity !== null) return words.severity[severity];
  return proposed === null ? words.unset : `${words.unset} · ${words.proposed} ${words.severity[proposed]}`;
}
