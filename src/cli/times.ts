import { InvalidArgumentError } from 'commander';
import { durationSchema } from '../contract/duration.ts';
import { MAX_DURATION_SECONDS } from '../contract/longest-duration.ts';

const LONGEST_AGE_DAYS = MAX_DURATION_SECONDS / 86_400;

/** The instant that a person names; an age is that long ago. */
export function readTime(text: string): string {
  const age = durationSchema.safeParse(text);
  if (age.success) return new Date(Date.now() - age.data * 1000).toISOString();
  const at = Date.parse(text);
  if (!Number.isNaN(at) && /^\d{4}-/.test(text) && isDayThere(text)) {
    return new Date(at).toISOString();
  }
  throw new InvalidArgumentError(
    `It must be an instant, such as 2026-11-21T08:00Z, or an age of at most ${LONGEST_AGE_DAYS} days, such as 2h.`,
  );
}

/** `Date.parse` takes the 30th of February for the 2nd of March. */
function isDayThere(text: string): boolean {
  const [, year, month, day = '1'] = /^(\d+)-(\d+)(?:-(\d+))?/.exec(text) ?? [];
  return (
    new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day)
  );
}
