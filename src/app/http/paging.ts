import { parse } from '../../contract/parse.ts';
import { pageQuerySchema } from '../../contract/requests.ts';
import { defined } from '../../core/defined.ts';

/** One page of all items, by name. The query's `next` is the last name of the previous page. */
export function pageByName<T extends { readonly name: string }>(
  all: Iterable<T>,
  query: Readonly<Record<string, string>>,
): { readonly page: readonly T[]; readonly next?: string } {
  const { limit, next: after } = parse(pageQuerySchema, query);
  const rest = [...all]
    .filter(({ name }) => after === undefined || name > after)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return defined({ page, next: rest.length > limit ? last?.name : undefined });
}
