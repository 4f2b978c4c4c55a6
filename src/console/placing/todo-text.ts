import type { Workflow } from '../messages.ts';
import { activitiesIn } from '../workflows/activities.ts';

export type Todo = readonly (string | readonly string[])[];

/** Reads a list of plugins as the command does: `A;B|C` runs A, then B and C at the same time. Undefined for what is no such list. */
export function readTodo(text: string): Todo | undefined {
  const groups = text.split(';').map((group) => group.split('|').map((plugin) => plugin.trim()));
  if (groups.flat().includes('')) return undefined;
  return groups.map((group) => (group.length === 1 ? (group[0] ?? '') : group));
}

/** The list that an ad-hoc workflow was made of. */
export function todoTextOf({ activities }: Pick<Workflow, 'activities'>): string {
  const nameOf = (step: unknown) =>
    typeof step === 'string' ? step : String((step as { plugin?: string }).plugin ?? '');
  return activitiesIn(activities)
    .flatMap(({ activity: { pre, parallel, post } }) => [
      ...pre.map(nameOf),
      ...(parallel.length > 0 ? [parallel.map(nameOf).join('|')] : []),
      ...post.map(nameOf),
    ])
    .join(';');
}
