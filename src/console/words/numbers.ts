const NUMBER = new Intl.NumberFormat('en');

export const numberText = (value: number): string => NUMBER.format(value);

/** `1 order`, `3 orders`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${numberText(count)} ${count === 1 ? one : many}`;
}
