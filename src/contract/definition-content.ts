import type { Json } from '../core/json.ts';
import type { Step, Workflow } from '../core/workflow.ts';

/** A workflow as it is put; what it leaves out is filled in. */
export type Definition = Omit<Workflow, 'version'>;

/** A workflow as it may be put again. */
export function writeDefinition({ name, on, activities }: Definition) {
  const entries = (stage: readonly Step[]) =>
    stage.map((entry) => {
      if ('everyone' in entry) return '*' as const;
      if ('waitSeconds' in entry) return { wait: entry.waitSeconds };
      return Object.keys(entry).length === 1 ? entry.plugin : entry;
    });
  return {
    name,
    on,
    activities: activities.map((activity) => ({
      name: activity.name,
      pre: entries(activity.pre),
      parallel: entries(activity.parallel),
      post: entries(activity.post),
    })),
  };
}

/** Names of the plugins that a definition names itself. */
export function pluginsNamedIn({
  activities,
}: Pick<Definition, 'activities'>): ReadonlySet<string> {
  const entries = activities.flatMap(({ pre, parallel, post }) => [...pre, ...parallel, ...post]);
  return new Set(entries.flatMap((entry) => ('plugin' in entry ? [entry.plugin] : [])));
}

/** Every JSONata expression of a template: a string is one, and so is every string within it. */
export function expressionsIn(template: Json): readonly string[] {
  if (typeof template === 'string') return [template];
  if (typeof template !== 'object' || template === null) return [];
  return Object.values(template).flatMap((value) => expressionsIn(value as Json));
}
