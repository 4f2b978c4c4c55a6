import * as z from 'zod';
import { MAX_DURATION_SECONDS } from './longest-duration.ts';

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** A number of seconds, or a text such as `30s`, `10m`, `1h30m`, `2d`. Read as seconds. */
export const durationSchema = durationUpTo(MAX_DURATION_SECONDS);

/** A duration that is no longer than this. */
export function durationUpTo(maxSeconds: number) {
  return z
    .union([
      // Checked below, with the texts; the documents say it here.
      z.number().meta({ exclusiveMinimum: 0, maximum: maxSeconds }),
      z.string().regex(/^([0-9]+[smhd])+$/, 'a duration reads like 30s, 10m, 1h30m or 2d'),
    ])
    .transform((duration) => (typeof duration === 'number' ? duration : secondsIn(duration)))
    .pipe(z.number().positive().max(maxSeconds));
}

function secondsIn(text: string): number {
  return [...text.matchAll(/(\d+)([smhd])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (UNIT_SECONDS[unit ?? ''] ?? 0),
    0,
  );
}
