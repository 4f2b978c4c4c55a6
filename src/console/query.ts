/** What stands behind the `?` of an address, by name. */
export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Only what is given; several values of a name one after another. Empty, or with its `?`. */
export function queryText(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, given] of Object.entries(query)) {
    for (const value of [given ?? []].flat()) if (value !== '') params.append(name, value);
  }
  return params.size === 0 ? '' : `?${params}`;
}
