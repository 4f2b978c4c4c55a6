interface Row {
  readonly orderId: string;
}

/** Rows of two pages; an order that has moved from one to the other stands once, as the first has it. */
export function joined<One extends Row>(
  first: readonly One[],
  second: readonly One[],
): readonly One[] {
  const ids = new Set(first.map(({ orderId }) => orderId));
  return [...first, ...second.filter(({ orderId }) => !ids.has(orderId))];
}
