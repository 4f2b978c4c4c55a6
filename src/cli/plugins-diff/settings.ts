import { isDeepStrictEqual } from 'node:util';
import { defined } from '../../core/defined.ts';
import type { PluginDefinition } from '../../core/plugin.ts';
import { DEFAULT_RULE } from '../../core/quarantine.ts';
import type { Seat, Terms } from './seats.ts';

export interface FieldChange {
  readonly field: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

type Settings = Readonly<Record<string, unknown>>;

/** Fields of a registered plugin that do not say how its tasks are done. */
const NOT_ABOUT_TASKS = new Set([
  'owner',
  'registeredAt',
  'functionName',
  'inputSchema',
  'switchedOff',
  'draining',
  'quarantined',
]);

/** How a plugin's tasks are done, one level deep: `retry.maxAttempts`. */
export function settingsOf(definition: PluginDefinition): Settings {
  const { name: _, joins: __, retry, concurrency, ...plain } = definition;
  const { history, timeoutSeconds, heartbeatSeconds, totalSeconds, ...rest } = plain;
  // What was registered before there were quarantines has the default.
  const { quarantine = DEFAULT_RULE, ...more } = rest;
  const others = Object.entries(more).filter(([key]) => !NOT_ABOUT_TASKS.has(key));
  return {
    history,
    timeoutSeconds,
    heartbeatSeconds,
    totalSeconds,
    ...under('retry', retry),
    ...under('concurrency', concurrency),
    ...(quarantine === false ? { quarantine } : under('quarantine', quarantine)),
    ...Object.fromEntries(others),
  };
}

/** The terms on which a plugin takes part in a stage. */
export function settingsOfSeat(seat: Seat | undefined): Settings {
  const terms = seat?.joins ?? [];
  const [first]: readonly (Terms | undefined)[] = terms;
  return terms.length > 1 ? { joins: terms } : { ...first };
}

function under(name: string, settings: object): Settings {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [`${name}.${key}`, value]),
  );
}

/** The fields that differ, with both values. */
export function changedFields(before: Settings, after: Settings): FieldChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => !isDeepStrictEqual(before[field], after[field]))
    .map((field) => ({ field, ...defined({ before: before[field], after: after[field] }) }));
}
