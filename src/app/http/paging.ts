import { parse } from '../../contract/parse.ts';
import { pageQuerySchema } from '../../contract/requests.ts';

/** A page of what is there in all, by name. `next` is the name that the page before ended with. */
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
  return { page, ...(rest.length > limit && last !== undefined ? { next: last.name } : {}) };
}
