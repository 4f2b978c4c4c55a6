import { defined } from '../core/defined.ts';
import type { Activity, ActivityBranch, ActivityChoice } from '../core/workflow.ts';

/** The activities of a definition, and the choices among them: each knows before which activity it stands. */
export interface PlacedActivities {
  readonly activities: readonly Activity[];
  readonly choices: readonly ActivityChoice[];
}

/** A choice as people write it, whatever an activity is there. */
interface WrittenChoice<Written> {
  readonly choose: readonly WrittenBranch<Written>[];
}
interface WrittenBranch<Written> {
  readonly when?: string | undefined;
  readonly activities?: readonly WrittenItem<Written>[] | undefined;
  readonly otherwise?: readonly WrittenItem<Written>[] | undefined;
}
export type WrittenItem<Written> = Written | WrittenChoice<Written>;

/** An activity as people write it, and where it stands in the list: by more than one key, if in a branch. */
export interface FoundActivity<Written> {
  readonly activity: Written;
  readonly path: readonly PropertyKey[];
}

/** The activities of a written list, those of branches included. */
export function activitiesIn<Written extends object>(
  items: readonly WrittenItem<Written>[],
  above: readonly PropertyKey[] = [],
): readonly FoundActivity<Written>[] {
  return items.flatMap((item, at) => {
    if (!('choose' in item)) return [{ activity: item, path: [...above, at] }];
    const { choose } = item as WrittenChoice<Written>;
    return choose.flatMap(({ activities, otherwise }, branch) => {
      const path = [...above, at, 'choose', branch];
      return [
        ...activitiesIn(activities ?? [], [...path, 'activities']),
        ...activitiesIn(otherwise ?? [], [...path, 'otherwise']),
      ];
    });
  });
}

/** What people write one within the other, one after another. */
export function placedActivities<Written extends object>(
  items: readonly WrittenItem<Written>[],
  read: (written: Written) => Activity,
  before = 0,
): PlacedActivities {
  return items.reduce<PlacedActivities>(
    (placed, item) => {
      const here = before + placed.activities.length;
      return joined(
        placed,
        'choose' in item
          ? placedChoice(item as WrittenChoice<Written>, read, here)
          : { activities: [read(item)], choices: [] },
      );
    },
    { activities: [], choices: [] },
  );
}

function placedChoice<Written extends object>(
  { choose }: WrittenChoice<Written>,
  read: (written: Written) => Activity,
  before: number,
): PlacedActivities {
  const branches: ActivityBranch[] = [];
  let within: PlacedActivities = { activities: [], choices: [] };
  for (const { when, activities = [], otherwise = activities } of choose) {
    const branch = placedActivities(otherwise, read, before + within.activities.length);
    branches.push({ ...defined({ when }), activities: branch.activities.length });
    within = joined(within, branch);
  }
  return { ...within, choices: [{ before, choose: branches }, ...within.choices] };
}

function joined(one: PlacedActivities, other: PlacedActivities): PlacedActivities {
  return {
    activities: [...one.activities, ...other.activities],
    choices: [...one.choices, ...other.choices],
  };
}

/** What stands one after another as people write it, one within the other. */
export function writtenActivities<Written extends object>(
  { activities, choices }: PlacedActivities,
  write: (activity: Activity) => Written,
): readonly WrittenItem<Written>[] {
  return itemsBetween(0, activities.length, 0);

  /** @param choice choices of lower numbers are those in which the activities stand */
  function itemsBetween(first: number, end: number, choice: number): WrittenItem<Written>[] {
    const items: WrittenItem<Written>[] = [];
    for (let at = first; at < end; ) {
      const next = choices.findIndex(({ before }, number) => number >= choice && before === at);
      const activity = activities[at] as Activity;
      if (next < 0) {
        items.push(write(activity));
        at += 1;
        continue;
      }
      const branches: WrittenBranch<Written>[] = [];
      for (const { when, activities: count } of choices[next]?.choose ?? []) {
        const own = itemsBetween(at, at + count, next + 1);
        branches.push(when === undefined ? { otherwise: own } : { when, activities: own });
        at += count;
      }
      items.push({ choose: branches });
    }
    return items;
  }
}
