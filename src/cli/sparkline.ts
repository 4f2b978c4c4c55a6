const BARS = [...'▁▂▃▄▅▆▇█'];

/** A terminal's line holds no more beside its other columns. */
const MOST_BARS = 60;

/** Numbers as bars in a line, nothing as a dot. Of more places than the line holds, neighbours are added up. */
export function sparkline(numbers: ReadonlyMap<string, number>, places: readonly string[]): string {
  const together = Math.ceil(places.length / MOST_BARS);
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
