/** Counted one by one, up to here. To count 10,000 takes 30 read units; to count a million would take 3,000, once a minute. */
export const COUNTED_EXACTLY = 10_000;

/** The sum of the counts, or one that is `most` at least: then nothing more is read. */
export async function countUpTo(counts: AsyncIterable<number>, most: number): Promise<number> {
  let sum = 0;
  for await (const count of counts) {
    sum += count;
    if (sum >= most) break;
  }
  return sum;
}
