/** The choice that is nearest to the word; none if more than two fifths of it are wrong. */
export function closest(word: string, choices: readonly string[]): string | undefined {
  const [best] = choices
    .map((choice) => ({ choice, distance: distanceBetween(word.toLowerCase(), choice) }))
    .toSorted((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= best.choice.length * 0.4 ? best.choice : undefined;
}

/** Levenshtein's: letters to add, to drop or to change. */
function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(Math.min(row[j]! + (letter === other ? 0 : 1), row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
