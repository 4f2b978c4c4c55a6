const BARS = [...'▁▂▃▄▅▆▇█'];

const MOST_BARS = 60;

/** A narrow terminal's line holds no more beside its other columns. */
const SHARE_OF_LINE = 1 / 3;

/**
 * Numbers as bars in a line, nothing as a dot. Of more places than the line holds, neighbours are added up.
 * @param room the terminal's width, where there is one
 */
export function sparkline(
  numbers: ReadonlyMap<string, number>,
  places: readonly string[],
  room = Number.POSITIVE_INFINITY,
): string {
  const bars = Math.min(MOST_BARS, Math.floor(room * SHARE_OF_LINE));
  const together = Math.ceil(places.length / bars);
  const sums: number[] = [];
  for (const [index, place] of places.entries()) {
    const at = Math.floor(index / together);
    sums[at] = (sums[at] ?? 0) + (numbers.get(place) ?? 0);
  }
  const most = Math.max(...sums);
  return sums.map((sum) => (sum === 0 ? '·' : barOf(sum / most))).join('');
}

/** @param share of the largest number */
function barOf(share: number): string {
  return BARS[Math.ceil(share * BARS.length) - 1] ?? '';
}
