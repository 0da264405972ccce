const BOUNDS_S = [0.1, 0.5, 1, 5, 15, 60, 300] as const;

export interface Lateness {
  observe(ms: number): void;
  /** A cumulative histogram as Prometheus reads it; seconds. */
  buckets(): {
    readonly counts: readonly { readonly le: string; readonly count: number }[];
    readonly sum: number;
    readonly count: number;
  };
}

/** How late pages left the house since the start of this instance. */
export function createLateness(): Lateness {
  const counts = BOUNDS_S.map(() => 0);
  let sum = 0;
  let count = 0;
  return {
    observe(ms) {
      const seconds = ms / 1000;
      sum += seconds;
      count += 1;
      BOUNDS_S.forEach((bound, index) => {
        if (seconds <= bound) counts[index] = (counts[index] ?? 0) + 1;
      });
    },
    buckets: () => ({
      counts: [
        ...BOUNDS_S.map((bound, index) => ({ le: String(bound), count: counts[index] ?? 0 })),
        { le: '+Inf', count },
      ],
      sum,
      count,
    }),
  };
}
