/** Waits until an instant: past, near and far, named by the workflow or by the order, and some that are none. */
import type { Instant, Json } from '../../src/core/json.ts';
import type { Activity, PlainStep, Step, WaitUntilStep } from '../../src/core/workflow.ts';
import type { Chance } from './seed.ts';

/** When every world begins. */
export const START: Instant = Date.parse('2026-11-25T08:00:00.000Z');

const HOUR_MS = 3_600_000;

/** Since the world began. */
const AFTER_MS = [-HOUR_MS, 0, 7000, 300_000, 2 * HOUR_MS, 30 * HOUR_MS, 5 * 24 * HOUR_MS];

const OF_ORDERS = ['attributes.due', 'attributes.due', 'attributes.due'];
const BROKEN = ['payload', '$error("no")', '2100-01-01T00:00:00Z', '"2100-01-01T00:00:00Z"'];

/** In one of the forms in which people write it. */
function written(instant: Instant, chance: Chance): string {
  const utc = new Date(instant).toISOString();
  if (chance.happens(0.5)) return utc;
  return `${new Date(instant + HOUR_MS).toISOString().slice(0, -5)}+01:00`;
}

/** What the order says; some say nothing. */
export function dueOf(chance: Chance): { readonly due?: string } {
  return chance.happens(0.1) ? {} : { due: written(START + chance.pick(AFTER_MS), chance) };
}

/** The activities with some of their waits until an instant, rather than for a while. */
export function withInstants(activities: readonly Activity[], chance: Chance): readonly Activity[] {
  const changed = (step: Step): Step => {
    if (!('choose' in step)) return 'waitSeconds' in step ? waitFrom(step, chance) : step;
    const choose = step.choose.map(({ steps, ...branch }) => ({
      ...{ ...branch, steps: steps.map((one) => changed(one) as PlainStep) },
    }));
    return { choose };
  };
  return activities.map(({ pre, parallel, post, ...activity }) => ({
    ...activity,
    ...{ pre: pre.map(changed), parallel: parallel.map(changed), post: post.map(changed) },
  }));
}

function waitFrom<Wait extends Step>(wait: Wait, chance: Chance): Wait | WaitUntilStep {
  if (chance.happens(0.4)) return wait;
  if (chance.happens(0.1)) return { waitUntil: chance.pick(BROKEN) };
  const fixed = written(START + chance.pick(AFTER_MS), chance);
  return { waitUntil: chance.pick([fixed, fixed, ...OF_ORDERS]) };
}

const YEAR_MS = 366 * 24 * HOUR_MS;

/** The instant that a text of these worlds is; an error for what is none, or too far away to be waited for. */
export function instantOf(value: Json | Error): Instant | Error {
  const instant = typeof value === 'string' && /^2\d{3}-/.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(instant)) return new Error('no instant');
  return instant > START + YEAR_MS ? new Error('too far') : instant;
}
