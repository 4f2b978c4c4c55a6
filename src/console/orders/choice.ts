/** The orders that a person has chosen in the list, by id. They stay chosen when newer ones push them out of sight. */
export type Choice = ReadonlySet<string>;

export const NOTHING_CHOSEN: Choice = new Set();

export function toggled(choice: Choice, orderId: string): Choice {
  const next = new Set(choice);
  if (!next.delete(orderId)) next.add(orderId);
  return next;
}

/** Chooses all that are shown as well; where all of them are chosen, none of them. */
export function allOrNone(choice: Choice, shown: readonly string[]): Choice {
  const isAll = shown.every((orderId) => choice.has(orderId));
  if (!isAll) return new Set([...choice, ...shown]);
  return new Set([...choice].filter((orderId) => !shown.includes(orderId)));
}

/**
 * What is known of the chosen orders.
 * @param before the same before the list changed: an order that it shows no longer stands as it was seen last
 */
export function chosenOf<One extends { readonly orderId: string }>(
  choice: Choice,
  shown: readonly One[],
  before: readonly One[],
): readonly One[] {
  const known = new Map([...before, ...shown].map((one) => [one.orderId, one]));
  return [...choice].flatMap((orderId) => known.get(orderId) ?? []);
}
