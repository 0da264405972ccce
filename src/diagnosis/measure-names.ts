/** What is counted or compared over many lines, by the name that an entry asks for it. */
export const MEASURES = [
  /** Percent of a minute spent in GC pauses, at worst. */
  'gc.share',
  /** Percent of the heap still in use after each of the last three full GCs, the lowest of them. */
  'gc.full-occupancy',
  /** Percent by which the heap after a full GC has grown since the first one. */
  'gc.full-growth',
  /** Allocation and evacuation failures. */
  'gc.stalls',
  /** Seconds. */
  'gc.longest-pause',
  /** Threads in a ring that wait for each other. */
  'dump.deadlock',
  /** Threads that serve requests and stood in the same place in every dump. */
  'dump.serving-stayed',
  /** Other threads that did. */
  'dump.stayed',
  /** Threads that wait for the lock that most wait for. */
  'dump.blocked',
  /** Threads of a pool that serves requests, none of them free in any dump. */
  'dump.serving-pool-busy',
  /** The same of another pool. */
  'dump.pool-busy',
  /** Threads in the last dump. */
  'dump.threads',
] as const;
export type MeasureName = (typeof MEASURES)[number];
