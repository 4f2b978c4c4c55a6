const SHORTEST_MS = 50;
const LONGEST_MS = 1000;

/** While two functions wait, a second costs as much as 80 reads; so a pause is never long beside what was waited already. */
const GROWTH = 1.2;

/** The pauses between looks at an order that somebody waits for, in milliseconds: they grow, and never end. */
export function* pausesBetweenLooks(): Generator<number, never> {
  for (let pauseMs = SHORTEST_MS; ; pauseMs = Math.min(pauseMs * GROWTH, LONGEST_MS)) yield pauseMs;
}
