import type { z } from 'zod';
import { countsQuerySchema } from '../../contract/counts.ts';
import { beginningOf, INTERVAL_MS } from '../../contract/intervals.ts';
import { parse } from '../../contract/parse.ts';
import type { Instant } from '../../core/json.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Count, CountedBy, Counts } from '../../ports/counts.ts';
import { OTHERS } from '../../ports/counts.ts';
import type { Route } from '../http/http-api.ts';
import { iso } from '../http/iso.ts';
import type { Period } from './period.ts';
import { periodOf } from './period.ts';

export interface CountsPorts {
  readonly counts: Pick<Counts, 'read'>;
  readonly clock: Clock;
}

/** Of more names, those with fewer ends are one series. */
const MOST_SERIES = 20;

type Ends = Pick<Count, 'completed' | 'failed' | 'cancelled'>;

interface Series extends Ends {
  readonly name: string;
  readonly points: ReadonlyMap<Instant, Ends>;
}

/** What has ended, over time. */
export function countsRoute({ counts, clock }: CountsPorts): Route {
  return {
    method: 'GET',
    path: '/counts',
    readsQuery: true,
    handle: async ({ query }) => {
      const asked = parse(countsQuerySchema, query);
      const { by, per, name } = asked;
      const period = periodOf(asked, clock());
      const found = await counts.read(
        by,
        per === 'minute' ? 'minute' : 'hour',
        period.from,
        period.to,
      );
      const named = found.filter((one) => name === undefined || one.name === name);
      return { status: 200, body: view({ by, per }, period, seriesOf(named, INTERVAL_MS[per])) };
    },
  };
}

function view(
  { by, per }: Pick<z.output<typeof countsQuerySchema>, 'by' | 'per'>,
  { from, to }: Period,
  series: readonly Series[],
): object {
  return {
    ...{ by, per, of: WHAT[by], from: iso(from), to: iso(to), approximate: true },
    series: series.map(({ points, ...whole }) => ({
      ...whole,
      points: [...points].map(([at, ends]) => ({ at: iso(at), ...ends })),
    })),
  };
}

const WHAT: Readonly<Record<CountedBy, 'orders' | 'attempts'>> = {
  workflow: 'orders',
  plugin: 'attempts',
  errorCode: 'orders',
};

/** One series a name, those with the most first, and one of all others. */
function seriesOf(counts: readonly Count[], lengthMs: number): readonly Series[] {
  const byName = Map.groupBy(counts, ({ name }) => name);
  const ranked = [...byName]
    .map(([name, own]) => ({ name, own, size: sizeOf(sum(own)) }))
    .sort((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1));
  const named = ranked.filter(({ name }) => name !== OTHERS);
  const shown = named.slice(0, MOST_SERIES);
  const others = counts.filter(({ name }) => !shown.some((one) => one.name === name));
  return [
    ...shown.map(({ name, own }) => oneSeries(name, own, lengthMs)),
    ...(others.length > 0 ? [oneSeries(OTHERS, others, lengthMs)] : []),
  ];
}

function oneSeries(name: string, counts: readonly Count[], lengthMs: number): Series {
  const byInterval = Map.groupBy(counts, ({ at }) => beginningOf(at, lengthMs));
  const points = new Map([...byInterval].map(([at, own]) => [at, sum(own)]));
  return { name, ...sum(counts), points };
}

function sum(counts: readonly Ends[]): Ends {
  const total = (how: keyof Ends) => counts.reduce((all, one) => all + one[how], 0);
  return { completed: total('completed'), failed: total('failed'), cancelled: total('cancelled') };
}

function sizeOf({ completed, failed, cancelled }: Ends): number {
  return completed + failed + cancelled;
}
