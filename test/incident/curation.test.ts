import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Curation, curated, edited } from '../../src/incident/curation.ts';
import type { TimelineEdit } from '../../src/incident/events.ts';
import { story as tell } from './given.ts';

const rows = ['E1', 'E2', 'E3', 'E4'].map((id) => ({ id }));
const ids = (curation: Curation): string[] => curated(rows, curation).map(({ row }) => row.id);
const editedBy = (...edits: readonly (readonly [string, TimelineEdit])[]): Curation =>
  edits.reduce<Curation>((all, [entry, edit], index) => edited(all, entry, edit, 10 + index), {});

describe('people tidy the compiled timeline', () => {
  it('an entry moves in front of another one, or to the end', () => {
    expect(ids(editedBy(['E4', { do: 'move', before: 'E2' }]))).toEqual(['E1', 'E4', 'E2', 'E3']);
    expect(ids(editedBy(['E1', { do: 'move', before: null }]))).toEqual(['E2', 'E3', 'E4', 'E1']);
  });

  it('two that go in front of the same one stand in the order of the moves', () => {
    const both = editedBy(['E4', { do: 'move', before: 'E1' }], ['E3', { do: 'move', before: 'E1' }]);
    expect(ids(both)).toEqual(['E4', 'E3', 'E1', 'E2']);
  });

  it('a dropped entry is marked, and comes back as it was', () => {
    const dropped = editedBy(['E2', { do: 'reword', text: '改过' }], ['E2', { do: 'drop' }]);
    expect(curated(rows, dropped)[1]?.edit).toMatchObject({ dropped: true, text: '改过', by: [10, 11] });
    const back = edited(dropped, 'E2', { do: 'restore' }, 12);
    expect(curated(rows, back)[1]?.edit).toMatchObject({ dropped: false, text: null, before: null });
  });

  it('whatever is edited, no entry is lost and none appears twice', () => {
    const entry = fc.constantFrom('E1', 'E2', 'E3', 'E4', 'M-gone');
    const edit: fc.Arbitrary<TimelineEdit> = fc.oneof(
      fc.constant<TimelineEdit>({ do: 'drop' }),
      fc.constant<TimelineEdit>({ do: 'restore' }),
      fc.record({ do: fc.constant('reword' as const), text: fc.string() }),
      fc.record({ do: fc.constant('move' as const), before: fc.option(entry) }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(entry, edit), { maxLength: 20 }), (edits) => {
        expect(ids(editedBy(...edits)).toSorted()).toEqual(rows.map((row) => row.id));
      }),
    );
  });
});

describe('the rules about it', () => {
  const told = () => tell().reported();

  it('an event that does not exist cannot be edited, and empty words are asked for', () => {
    const story = told();
    story.when('duty', { type: 'edit-timeline', entry: 'E999', edit: { do: 'drop' } });
    expect(story.refused?.code).toBe('no-such-entry');
    story.when('duty', { type: 'edit-timeline', entry: 'E1', edit: { do: 'reword', text: '  ' } });
    expect(story.refused?.code).toBe('text-missing');
  });

  it('the edit is an event of its own; what it is about stays as it was', () => {
    const story = told();
    const before = structuredClone(story.events);
    story.when('duty', { type: 'edit-timeline', entry: 'E1', edit: { do: 'reword', text: '全部节点报错' } });
    expect(story.refused).toBeNull();
    expect(story.events.slice(0, before.length)).toEqual(before);
    expect(story.state?.curation.E1?.text).toBe('全部节点报错');
  });
});
