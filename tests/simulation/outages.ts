import type { Called } from './processes.ts';
import type { Chance } from './seed.ts';
import type { VirtualClock } from './virtual-clock.ts';

const SERVICES: readonly Called['service'][] = ['table', 'sqs', 'sns', 's3'];

/** At most one service a world is out of order once, for up to five minutes: most of its calls are throttled. */
export function outagesOf(
  clock: VirtualClock,
  chance: Chance,
  probability: number,
): (service: Called['service']) => boolean {
  if (!chance.happens(probability)) return () => false;
  const out = chance.pick(SERVICES);
  const from = clock.now() + chance.below(240_000);
  const until = from + chance.between(5000, 300_000);
  return (service) =>
    service === out && clock.now() >= from && clock.now() < until && chance.happens(0.8);
}
