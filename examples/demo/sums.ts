import type { Json } from '../../src/core/json.ts';
import type { Todo } from '../../src/core/workflow.ts';

/** The same as the plugins of plugins/arithmetic, written a second time. */
const SUMS: Readonly<Record<string, (value: number) => number>> = {
  A: (value) => value + 2,
  B: (value) => value * 2,
};

export interface Expected {
  readonly result: Json;
  readonly jobs: Readonly<Record<string, { readonly input: Json; readonly result: Json }>>;
}

/** Computes the result of an order of A and B: one after another, and in parallel where the list is nested. */
export function compute(input: number, todo: Todo): Expected {
  const jobs: Record<string, { input: Json; result: Json }> = {};
  let value: Json = input;
  for (const group of todo) {
    if (typeof group === 'string') value = perform(group, value);
    else {
      const current: Json = value;
      const results: Record<string, Json> = {};
      for (const plugin of group) results[nextName(plugin, results)] = perform(plugin, current);
      value = results;
    }
  }
  return { result: value, jobs };

  function perform(plugin: string, given: Json): Json {
    const result = SUMS[plugin]?.(given as number) ?? null;
    jobs[nextName(plugin, jobs)] = { input: given, result };
    return result;
  }
}

/** `A` the first time, then `A#2`. */
function nextName(plugin: string, taken: object): string {
  let count = 1;
  while ((count === 1 ? plugin : `${plugin}#${count}`) in taken) count += 1;
  return count === 1 ? plugin : `${plugin}#${count}`;
}
