import fc from 'fast-check';
import type { Json } from '../../src/core/json.ts';
import type { Attributes } from '../../src/core/order.ts';
import type { Participation, Plugin } from '../../src/core/plugin.ts';
import type { Activity, PluginStep, StageName, Step, Workflow } from '../../src/core/workflow.ts';
import { activitiesOf } from '../../src/core/workflow.ts';

/** What a plugin makes of its attempts. Its result is a function of its name and its input alone. */
export interface Behaviour {
  /** So many attempts fail before one succeeds; all of them when it fails for good. */
  readonly failsFirst: number;
  readonly failsForGood: boolean;
  readonly advice: 'policy' | 'never' | 'later';
}

export interface Scenario {
  readonly workflow: Workflow;
  readonly plugins: readonly Plugin[];
  readonly behaviours: Readonly<Record<string, Behaviour>>;
  readonly orders: readonly { readonly input: Json; readonly attributes: Attributes }[];
  /** What decides about interleaving, duplicates, delays, losses and crashes. */
  readonly seed: number;
}

/** Named in workflows; Ghost is registered nowhere. */
const NAMED = ['P1', 'P2', 'P3', 'P4'];
/** Registered for stages, and sometimes named as well. */
const JOINING = ['E1', 'E2', 'E3'];
const GHOST = 'Ghost';
const STAGE_NAMES: readonly StageName[] = ['pre', 'parallel', 'post'];

/** An expression fails only when its task is reached, as its error says. */
export const WHENS = ['attributes.kind = "a"', '$exists($jobs.P1)', 'true', '$error("no")'];
export const INPUTS: readonly Json[] = [
  'payload',
  'input',
  null,
  { was: 'payload', first: 'input', p1: '$jobs.P1.result', always: [1, '"one"'] },
  '$error("no")',
];

const behaviour: fc.Arbitrary<Behaviour> = fc.record({
  failsFirst: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.nat(2) },
  ),
  failsForGood: fc.oneof(
    { weight: 14, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  advice: fc.constantFrom('policy', 'never', 'later'),
});

const mandatory = fc.option(fc.constant(false), { nil: undefined, freq: 3 });

const pluginEntry: fc.Arbitrary<PluginStep> = fc
  .record({
    plugin: fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...NAMED) },
      { weight: 3, arbitrary: fc.constantFrom(...JOINING) },
      { weight: 1, arbitrary: fc.constant(GHOST) },
    ),
    mandatory,
    when: sometimes(fc.constantFrom(...WHENS, ...WHENS.slice(0, 3))),
    input: sometimes(fc.constantFrom(...INPUTS, ...INPUTS.slice(0, 4))),
    retry: sometimes(fc.constant({ backoffSeconds: 0 })),
    timeoutSeconds: sometimes(fc.constantFrom(20, 100)),
  })
  .map(withoutUndefined);

const entry: fc.Arbitrary<Step> = fc.oneof(
  { weight: 9, arbitrary: pluginEntry },
  { weight: 1, arbitrary: fc.record({ waitSeconds: fc.constantFrom(3, 100, 1000) }) },
);

const stage: fc.Arbitrary<readonly Step[]> = fc
  .tuple(fc.array(entry, { maxLength: 3 }), fc.option(fc.nat(3), { freq: 2 }))
  .map(([entries, place]) =>
    place === null ? entries : entries.toSpliced(place, 0, { everyone: true }),
  );

const staged: fc.Arbitrary<readonly Activity[]> = fc
  .array(fc.record({ pre: stage, parallel: stage, post: stage }), { minLength: 1, maxLength: 3 })
  .map((activities) => activities.map((stages, index) => ({ name: `a${index + 1}`, ...stages })))
  .filter((activities) =>
    activities.every((one) => one.pre.length + one.parallel.length + one.post.length > 0),
  );

const todo: fc.Arbitrary<readonly Activity[]> = fc
  .array(
    fc.oneof(
      fc.constantFrom(...NAMED),
      fc.array(fc.constantFrom(...NAMED), { minLength: 1, maxLength: 4 }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map(activitiesOf);

const participation: fc.Arbitrary<Participation> = fc
  .record({
    activity: fc.constantFrom('a1', 'a2', 'a3'),
    stage: fc.constantFrom(...STAGE_NAMES),
    workflow: sometimes(fc.constantFrom('w', 'another')),
    order: fc.nat(2),
    mandatory: fc.boolean(),
    filter: sometimes(fc.constantFrom({ kind: ['a'] }, { kind: [{ 'anything-but': 'a' }] })),
  })
  .map(withoutUndefined);

const joins = fc.array(participation, { minLength: 1, maxLength: 6 });

const settings = fc.record({
  joins,
  history: fc.nat(3).map((n) => n === 0),
  timeoutSeconds: fc.constantFrom(20, 60, 300),
  heartbeatSeconds: sometimes(fc.constant(15)),
  backoffSeconds: fc.constantFrom(0, 0, 2),
  settled: fc.nat(3).map((n) => n > 0),
});

type Settings = typeof settings extends fc.Arbitrary<infer S> ? S : never;

/** Attempts enough that no loss or delay uses them up, unless the plugin fails for good anyway. */
function pluginOf(
  name: string,
  { joins: all, settled, backoffSeconds, ...rest }: Settings,
  { failsForGood, failsFirst }: Behaviour,
): Plugin {
  const maxAttempts = failsForGood ? failsFirst + 1 : 60;
  return withoutUndefined({
    ...rest,
    name,
    joins: JOINING.includes(name) ? all : [],
    totalSeconds: 10_000_000,
    retry: { maxAttempts, backoffSeconds, maxBackoffSeconds: 10 },
    concurrency: { base: 10, ceiling: 10 },
    owner: 'stack',
    queueUrl: name,
    queueArn: name,
    registeredAt: settled ? 0 : 10 ** 12,
  }) as Plugin;
}

const order = fc.record({
  input: fc.oneof(fc.nat(9), fc.constant(null), fc.constant({ a: [1] })),
  attributes: fc.oneof(fc.record({ kind: fc.constantFrom('a', 'b') }), fc.constant({})),
});

/** Workflows, plugins that behave well or badly, and a few orders. */
export const scenario: fc.Arbitrary<Scenario> = fc
  .record({
    activities: fc.oneof({ weight: 3, arbitrary: staged }, { weight: 1, arbitrary: todo }),
    plugins: fc.tuple(
      ...[...NAMED, ...JOINING].map((name) => fc.tuple(fc.constant(name), settings, behaviour)),
    ),
    orders: fc.array(order, { minLength: 1, maxLength: 3 }),
    seed: fc.nat(2 ** 31),
  })
  .map(({ activities, plugins, orders, seed }) => ({
    workflow: { name: 'w', version: 1, on: [], activities },
    plugins: plugins.map(([name, setting, acts]) => pluginOf(name, setting, acts)),
    behaviours: Object.fromEntries(plugins.map(([name, , acts]) => [name, acts])),
    orders,
    seed,
  }));

/** There in one case of four. */
function sometimes<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

/** The object without its undefined properties, as JSON would have it. */
function withoutUndefined<T extends object>(
  value: T,
): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as never;
}
