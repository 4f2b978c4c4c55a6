/** The orders that a person has chosen in the list, by id. */
export type Choice = ReadonlySet<string>;

export const NOTHING_CHOSEN: Choice = new Set();

export function toggled(choice: Choice, orderId: string): Choice {
  const next = new Set(choice);
  if (!next.delete(orderId)) next.add(orderId);
  return next;
}

/** Chooses all that are shown; where all of them are chosen, none. */
export function allOrNone(choice: Choice, shown: readonly string[]): Choice {
  return shown.every((orderId) => choice.has(orderId)) ? NOTHING_CHOSEN : new Set(shown);
}
