import type { Workflow } from '../messages.ts';

type Item = Workflow['activities'][number];
export type Activity = Exclude<Item, { readonly choose: unknown }>;

/** An activity of a workflow. */
export interface PlacedActivity {
  readonly activity: Activity;
  /** Of one in a branch of a choice: when the branch is taken, and the branches in which that choice stands. */
  readonly taken: readonly string[];
}

/** The activities of a workflow, those of its choices' branches included. */
export function activitiesIn(
  items: readonly Item[],
  taken: readonly string[] = [],
): readonly PlacedActivity[] {
  return items.flatMap((item) => {
    if (!('choose' in item)) return [{ activity: item, taken }];
    return item.choose.flatMap(({ when, activities = [], otherwise = activities }) =>
      activitiesIn(otherwise, [...taken, takenIf(when)]),
    );
  });
}

/** When a branch is taken. */
export function takenIf(when: string | undefined): string {
  return when === undefined ? 'otherwise' : `if ${when}`;
}

/** The activities by name, one after another: `check → (fast or slow → tell) → send`. */
export function wayText(items: readonly Item[]): string {
  return items
    .map((item) => {
      if (!('choose' in item)) return item.name;
      const ways = item.choose.map(({ activities = [], otherwise = activities }) =>
        wayText(otherwise),
      );
      return `(${ways.join(' or ')})`;
    })
    .join(' → ');
}
