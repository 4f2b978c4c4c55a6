import type { Api } from './api.ts';

/** Reads all pages of a list into one, with whatever else the last one says. */
export async function allPages<Key extends string, Item, Others extends object = object>(
  api: Pick<Api, 'get'>,
  path: string,
  key: Key,
  query: readonly (readonly [string, string])[] = [],
): Promise<Record<Key, Item[]> & Others> {
  const items: Item[] = [];
  let next: string | undefined;
  let others: object;
  do {
    const asked = new URLSearchParams(
      query.map(([name, value]): [string, string] => [name, value]),
    );
    if (next !== undefined) asked.append('next', next);
    const page = await api.get<Record<Key, Item[]> & { next?: string }>(
      asked.size === 0 ? path : `${path}?${asked}`,
    );
    items.push(...page[key]);
    ({ next, ...others } = page);
  } while (next !== undefined);
  return { ...others, [key]: items } as unknown as Record<Key, Item[]> & Others;
}
