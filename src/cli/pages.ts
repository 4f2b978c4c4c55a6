import type { Api } from './api.ts';

/** Reads all pages of a list into one. */
export async function allPages<Key extends string, Item>(
  api: Pick<Api, 'get'>,
  path: string,
  key: Key,
  query: readonly (readonly [string, string])[] = [],
): Promise<Record<Key, Item[]>> {
  const items: Item[] = [];
  let next: string | undefined;
  do {
    const asked = new URLSearchParams(
      query.map(([name, value]): [string, string] => [name, value]),
    );
    if (next !== undefined) asked.append('next', next);
    const page = await api.get<Record<Key, Item[]> & { next?: string }>(
      asked.size === 0 ? path : `${path}?${asked}`,
    );
    items.push(...page[key]);
    next = page.next;
  } while (next !== undefined);
  return { [key]: items } as unknown as Record<Key, Item[]>;
}
