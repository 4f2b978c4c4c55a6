import type { Operation } from '../messages.ts';
import { ATTRIBUTE, filterText } from '../orders/filter.ts';
import type { Query } from '../query.ts';

type Filter = Operation['filter'];

/** Which orders an operation is for: `status failed, plugin A, customer = acme`. */
export function operationText(filter: Filter): string {
  const { to: _, ...named } = operationQuery(filter);
  return filterText(named) || 'all orders until then';
}

/** The same orders as the list's address asks for them, as far as they still match. */
export function operationQuery({ attributes, ...named }: Filter): Query {
  return Object.fromEntries([
    ...Object.entries(named).map(([name, value]) => [name, [value].flat().map(String)] as const),
    ...entriesOf(attributes).map(([name, value]) => [`${ATTRIBUTE}${name}`, value] as const),
  ]);
}

const entriesOf = (attributes: unknown): readonly (readonly [string, string])[] =>
  Object.entries(attributes ?? {}).map(([name, value]) => [name, String(value)]);
