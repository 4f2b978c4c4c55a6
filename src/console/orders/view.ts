import { queryText } from '../query.ts';
import type { OrderQuery } from './filter.ts';

/** A filter that a person has given a name. */
export interface View {
  readonly name: string;
  readonly filter: OrderQuery;
}

/** The views by name, with one more; one of the same name is replaced. */
export function withView(all: readonly View[], view: View): readonly View[] {
  const others = all.filter(({ name }) => name !== view.name);
  return [...others, view].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether two filters find the same orders, in whatever order they say it. */
export function isSameFilter(one: OrderQuery, other: OrderQuery): boolean {
  const [first, second] = [one, other].map((filter) =>
    [...new URLSearchParams(queryText(filter))].map(String).sort().join('&'),
  );
  return first === second;
}

/** The views in a text, as far as it holds any: an older page or another hand may have left it. */
export function readViews(text: string | null): readonly View[] {
  try {
    const read: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(read) ? read.filter(isView) : [];
  } catch {
    return [];
  }
}

function isView(value: unknown): value is View {
  const { name, filter } = (value ?? {}) as Partial<View>;
  return typeof name === 'string' && typeof filter === 'object' && filter !== null;
}
