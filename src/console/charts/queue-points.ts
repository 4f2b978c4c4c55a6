import type { PluginHistory } from '../messages.ts';
import { numberText } from '../words/numbers.ts';
import { SPANS, type Span, whenText } from './chart-words.ts';
import { beginningsOf } from './intervals.ts';

/** How a plugin stood in one interval; at rest, nothing waited and nothing was at work. */
export interface QueuePoint {
  /** When the interval begins. Milliseconds since 1970. */
  readonly at: number;
  readonly queued: number;
  readonly inFlight: number;
  readonly parked: number;
  /** Absent where it is not known. */
  readonly instances?: number | undefined;
}

/** A plugin's history, interval by interval. */
export function queuePoints(history: PluginHistory): readonly QueuePoint[] {
  const points = new Map(history.points.map((point) => [Date.parse(point.at), point]));
  return beginningsOf(history).map((at) => {
    const { queued = 0, inFlight = 0, parked = 0, instances } = points.get(at) ?? {};
    return { at, queued, inFlight, parked, instances };
  });
}

/** The history in a sentence: when most waited, and how many instances worked then. */
export function queueText(points: readonly QueuePoint[], span: Span): string {
  const [most] = points.toSorted((a, b) => b.queued - a.queued);
  if (most === undefined || points.every(isAtRest)) return `In ${SPANS[span]} it was at rest.`;
  if (most.queued === 0) return `In ${SPANS[span]} nothing had to wait for it.`;
  const then =
    most.instances === undefined ? '' : `, with ${numberText(most.instances)} instances at work`;
  return `In ${SPANS[span]} its queue was longest ${whenText(most, span)}: ${numberText(most.queued)}${then}.`;
}

const isAtRest = ({ queued, inFlight, parked }: QueuePoint) => queued + inFlight + parked === 0;
