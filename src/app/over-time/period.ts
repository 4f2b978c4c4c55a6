import type { PeriodLength } from '../../contract/intervals.ts';
import { beginningOf, INTERVAL_MS } from '../../contract/intervals.ts';
import { pathDetail } from '../../contract/parse.ts';
import { MOST_INTERVALS } from '../../contract/period.ts';
import { Problem } from '../../contract/problem.ts';
import type { Instant } from '../../core/json.ts';

/** Whole intervals: from the beginning of the first to the end of the last. */
export interface Period {
  readonly from: Instant;
  readonly to: Instant;
}

/** How many intervals are meant where nobody says. */
const USUAL: Readonly<Record<PeriodLength, number>> = { minute: 60, hour: 24, day: 30 };

/** The period that a query asks for, the interval of now included. @throws {Problem} INVALID_REQUEST, where it is none or too long */
export function periodOf(
  {
    per,
    from,
    to,
  }: {
    readonly per: PeriodLength;
    readonly from?: string | undefined;
    readonly to?: string | undefined;
  },
  now: Instant,
): Period {
  const length = INTERVAL_MS[per];
  // Nothing has ended yet after now; and nothing had before there was any clock that counts from 1970.
  const last = Math.min(now, to === undefined ? now : Date.parse(to) - 1);
  const end = beginningOf(last, length) + length;
  const first = from === undefined ? end - USUAL[per] * length : Math.max(0, Date.parse(from));
  const begin = beginningOf(first, length);
  if (begin >= end) refuse('the period ends before it begins');
  const most = MOST_INTERVALS[per];
  const count = (end - begin) / length;
  if (count > most) {
    refuse(`${count} intervals of a ${per} are too many for one answer; ${most} are taken`);
  }
  return { from: begin, to: end };
}

function refuse(reason: string): never {
  throw new Problem('INVALID_REQUEST', [pathDetail(['from'], reason)]);
}
