/** A year, in seconds: the longest wait, timeout and pause. What lasts longer is better scheduled by its owner. */
export const MAX_DURATION_SECONDS = 31_536_000;
