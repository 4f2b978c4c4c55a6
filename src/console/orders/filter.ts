import type { Query } from '../query.ts';

/** The filters of the list, by the names that the API gives them; they stand in the page's address as they are. */
export const FILTERS = [
  'status',
  'workflow',
  'version',
  'client',
  'plugin',
  'errorCode',
  'pausedBy',
  'from',
  'to',
  'stuck',
  'idPrefix',
] as const;

/** An attribute's name comes after this. */
export const ATTRIBUTE = 'attribute.';

export type OrderQuery = Readonly<Record<string, string | readonly string[]>>;

/** What of an address is a filter. */
export function filterOf(params: URLSearchParams): OrderQuery {
  const filter: Record<string, string | readonly string[]> = {};
  for (const name of new Set(params.keys())) {
    if (!FILTERS.some((one) => one === name) && !name.startsWith(ATTRIBUTE)) continue;
    const [first = '', ...more] = params.getAll(name).filter((value) => value !== '');
    if (first !== '') filter[name] = more.length === 0 ? first : [first, ...more];
  }
  return filter;
}

/** The filter with one value changed; an empty one is left out. */
export function withFilter(
  filter: OrderQuery,
  name: string,
  value: string | readonly string[],
): OrderQuery {
  const { [name]: _, ...rest } = filter;
  return value.length === 0 ? rest : { ...rest, [name]: value };
}

/** The attributes of a filter as one writes them into its field: `customer=acme, size=3`. */
export function attributesText(filter: OrderQuery): string {
  return Object.entries(filter)
    .filter(([name]) => name.startsWith(ATTRIBUTE))
    .map(([name, value]) => `${name.slice(ATTRIBUTE.length)}=${value}`)
    .join(', ');
}

/** The filter with other attributes. @returns undefined for a text that names none */
export function withAttributes(filter: OrderQuery, text: string): OrderQuery | undefined {
  const rest = Object.entries(filter).filter(([name]) => !name.startsWith(ATTRIBUTE));
  const given = text.split(',').filter((one) => one.trim() !== '');
  const pairs = given.map((one) => one.split(/=(.*)/s).map((part) => part.trim()));
  if (!pairs.every(([name = '', value = '']) => name !== '' && value !== '')) return undefined;
  return Object.fromEntries([
    ...rest,
    ...pairs.map(([name, value = '']) => [`${ATTRIBUTE}${name}`, value] as const),
  ]);
}

const NAMES: Readonly<Record<string, string>> = {
  errorCode: 'error',
  pausedBy: 'paused by',
  idPrefix: 'id',
};

/** A filter in words: `status failed or paused, plugin A, customer = acme`. */
export function filterText(filter: Query): string {
  return Object.entries(filter)
    .map(([name, value]) =>
      name.startsWith(ATTRIBUTE)
        ? `${name.slice(ATTRIBUTE.length)} = ${value}`
        : `${NAMES[name] ?? name} ${[value].flat().join(' or ')}`,
    )
    .join(', ');
}
