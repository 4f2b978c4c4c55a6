import type { Operation } from '../messages.ts';
import { ATTRIBUTE } from '../orders/filter.ts';
import type { Query } from '../query.ts';

type Filter = Operation['filter'];

/** Which orders an operation is for: `status failed, plugin A, customer = acme`. */
export function operationText(filter: Filter): string {
  const { to: _, attributes, ...named } = filter;
  const own = Object.entries(named).map(([name, value]) => `${nameText(name)} ${orText(value)}`);
  const ofAttributes = entriesOf(attributes).map(([name, value]) => `${name} = ${value}`);
  return [...own, ...ofAttributes].join(', ') || 'all orders until then';
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

const NAMES: Readonly<Record<string, string>> = { errorCode: 'error', idPrefix: 'id' };

const nameText = (name: string) => NAMES[name] ?? name;

const orText = (value: unknown) => [value].flat().map(String).join(' or ');
