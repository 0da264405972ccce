/** Names and offsets of time zones as people write them. */

const minute = 60_000;

/** Minutes east of Greenwich. CST is left out: it is China's as often as Chicago's. */
export const zones: Record<string, number> = {
  utc: 0,
  gmt: 0,
  z: 0,
  pst: -480,
  pdt: -420,
  mst: -420,
  mdt: -360,
  cdt: -300,
  est: -300,
  edt: -240,
  bst: 60,
  cet: 60,
  cest: 120,
  eet: 120,
  eest: 180,
  msk: 180,
  jst: 540,
  kst: 540,
  sgt: 480,
  hkt: 480,
  aest: 600,
  aedt: 660,
  北京时间: 480,
};
export const zoneNames =
  'utc|gmt|pst|pdt|mst|mdt|cdt|est|edt|bst|cet|cest|eet|eest|msk|jst|kst|sgt|hkt|aest|aedt|z(?![a-z])';

/** Milliseconds east of Greenwich of an offset as ISO 8601 writes it; null when none is written. */
export function offsetOf(zone: string): number | null {
  if (zone === '') return null;
  if (zone === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * minute;
}

/** "+08:00" and "UTC+8", "(GMT-0530)" behind a time of day; milliseconds east of Greenwich. */
export function writtenOffset(text: string): number | undefined {
  const found = /([+-])(\d{1,2}):?(\d\d)?\)?$/.exec(text);
  if (found === null) return undefined;
  const size = Number(found[2]) * 60 + Number(found[3] ?? 0);
  return (found[1] === '-' ? -size : size) * minute;
}

/** Minutes east of Greenwich as ISO 8601 writes them. */
export function zoneSuffix(zone: number): string {
  if (zone === 0) return 'Z';
  const size = Math.abs(zone);
  return `${zone < 0 ? '-' : '+'}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
}
