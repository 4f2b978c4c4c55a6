import type { Json, JsonObject } from '../core/json.ts';

/**
 * What makes one JSON value of another: a list of one, the value in its place; an object, the differences of the members
 * or elements that differ; `0`, a member that is gone.
 */
export type Difference = readonly [Json] | 0 | { readonly [key: string]: Difference };

/**
 * `undefined` where nothing differs. Values that lie deeper than `depth` are taken whole, and so are the deepest objects
 * where they would not be shorter in parts.
 */
export function differenceBetween(
  before: Json,
  after: Json,
  depth: number,
): Difference | undefined {
  if (before === after) return undefined;
  if (depth === 0 || !areAlike(before, after)) {
    return isSameJson(before, after) ? undefined : [after];
  }
  const members: [string, Difference][] = [];
  for (const key of Object.keys(after as JsonObject)) {
    const [old, now] = [memberOf(before, key), memberOf(after, key)];
    if (now === undefined) continue;
    const difference =
      old === undefined ? ([now] as const) : differenceBetween(old, now, depth - 1);
    if (difference !== undefined) members.push([key, difference]);
  }
  for (const key of Object.keys(before)) {
    if (memberOf(after, key) === undefined) members.push([key, 0]);
  }
  if (members.length === 0) return undefined;
  const difference = Object.fromEntries(members);
  return depth > 1 || isShorter(difference, after) ? difference : [after];
}

/** The value after the difference. What does not differ is shared with `before`. */
export function applyDifference(before: Json, difference: Difference): Json {
  if (Array.isArray(difference)) return difference[0] as Json;
  const changed = new Map(Object.entries(difference));
  const after = (key: string, old: Json | undefined): Json => {
    const own = changed.get(key);
    return (own === undefined ? old : applyDifference(old ?? null, own)) as Json;
  };
  if (Array.isArray(before)) {
    const length = Math.max(before.length, ...[...changed.keys()].map((key) => Number(key) + 1));
    return Array.from({ length }, (_, index) => after(String(index), before[index]));
  }
  const old = before as JsonObject;
  const keys = new Set([...Object.keys(old), ...changed.keys()]);
  const kept = [...keys].filter((key) => changed.get(key) !== 0);
  return Object.fromEntries(kept.map((key) => [key, after(key, memberOf(old, key))]));
}

/** The same text: equal values, and their keys in the same order. */
export function isSameJson(one: Json | undefined, other: Json | undefined): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** Two objects, or two lists of which the first is not the longer one. */
function areAlike(before: Json, after: Json): before is JsonObject {
  if (typeof before !== 'object' || typeof after !== 'object') return false;
  if (before === null || after === null) return false;
  if (Array.isArray(before)) return Array.isArray(after) && before.length <= after.length;
  return !Array.isArray(after);
}

function memberOf(value: Json, key: string): Json | undefined {
  return Object.hasOwn(value as JsonObject, key) ? (value as JsonObject)[key] : undefined;
}

function isShorter(difference: Difference, value: Json): boolean {
  return JSON.stringify(difference).length < JSON.stringify(value).length;
}
