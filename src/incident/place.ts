import type { Place } from './events.ts';

type PlaceName = Pick<Place, 'platform' | 'workspace' | 'conversation'>;

export function isSamePlace(one: PlaceName, other: PlaceName): boolean {
  return (
    one.platform === other.platform &&
    one.workspace === other.workspace &&
    one.conversation === other.conversation
  );
}
