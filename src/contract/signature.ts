import { timingSafeEqual } from 'node:crypto';

/** Whether one of the keys makes the given signature. A comparison tells by its time nothing of where it failed. */
export function isSignedByOne(
  given: string,
  keys: readonly string[],
  sign: (key: string) => string,
): boolean {
  const signature = Buffer.from(given);
  return keys.some((key) => {
    const expected = Buffer.from(sign(key));
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  });
}
