/** How much of an expression an error repeats, as one does that refuses a workflow (INVALID_EXPRESSION). Characters. */
const MAX_SHOWN = 200;

/** `$sum(a)` as ` (in "$sum(a)")`: a workflow has many expressions, and the error of one says which. */
export function shownIn(source: string): string {
  return ` (in ${JSON.stringify(source.slice(0, MAX_SHOWN))})`;
}
