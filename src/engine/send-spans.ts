import type { StoredDecision } from './ended-spans.ts';
import { endedSpans } from './ended-spans.ts';
import type { EnginePorts } from './engine-ports.ts';

/** Sends the spans of what ended with the decisions. It never rejects: whatever fails here is nothing to an order. */
export async function sendSpans(
  decisions: readonly StoredDecision[],
  { traces, journal }: Pick<EnginePorts, 'traces' | 'journal'>,
): Promise<void> {
  if (traces === undefined) return;
  const spans = await Promise.all(
    // A journal that cannot be read now costs the spans of one decision.
    decisions.map((decision) => endedSpans(decision, journal, traces).catch(() => [])),
  );
  await traces.send(spans.flat());
}
