/** Names a threshold of one run of a clock, so that it is announced once. */
export function thresholdKey(clockKey: string, percent: number): string {
  return `${clockKey}:${percent}`;
}
