const NUMBER = new Intl.NumberFormat('en');

export const numberText = (value: number): string => NUMBER.format(value);

/** What a sample comes to: `about 300`, or, where it holds none, that there may be some. */
export function estimateText(value: number, isEstimate: boolean): string {
  if (!isEstimate) return numberText(value);
  return value === 0 ? 'too few to see in a sample' : `about ${numberText(value)}`;
}

/** `1 order`, `3 orders`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${numberText(count)} ${count === 1 ? one : many}`;
}
