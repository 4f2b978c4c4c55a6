/** The filters of the list, by the names that the API gives them; they stand in the page's address as they are. */
export const FILTERS = [
  'status',
  'workflow',
  'version',
  'client',
  'plugin',
  'errorCode',
  'from',
  'to',
  'stuck',
] as const;

export type OrderQuery = Readonly<Record<string, string | readonly string[]>>;

/** What of an address is a filter. */
export function filterOf(params: URLSearchParams): OrderQuery {
  const filter: Record<string, string | readonly string[]> = {};
  for (const name of new Set(params.keys())) {
    if (!FILTERS.some((one) => one === name)) continue;
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
