import * as z from 'zod';
import { eventTypeSchema } from '../contract/event-type.ts';
import { pluginNameSchema } from '../contract/json.ts';
import { jsonSchema } from '../contract/json-value.ts';
import { parse } from '../contract/parse.ts';
import { pluginDefinitionSchema, toPluginDefinition } from '../contract/plugin-definition.ts';
import type { Plugin, Plugins } from '../core/plugin.ts';

const errorSchema = z.union([
  z.string(),
  z.strictObject({ code: z.string().optional(), message: z.string() }),
]);

/** What one attempt comes to: a result, a failure, or silence, which ends at its deadline. */
const outcomeSchema = z.union(
  [
    z.strictObject({ result: jsonSchema, seconds: z.number().min(0).optional() }),
    z.strictObject({
      error: errorSchema,
      /** Default: as the plugin's policy says. */
      retry: z.enum(['policy', 'never']).optional(),
      /** How long it asks to wait before it is tried again. */
      retryAfterSeconds: z.number().min(0).optional(),
      seconds: z.number().min(0).optional(),
    }),
    z.strictObject({ silent: z.literal(true) }),
  ],
  'an attempt has a `result`, an `error`, or `silent: true`',
);

/**
 * A plugin as a trial plays it: parts of its definition (where it joins, its retries, whether it compensates), and what it does. Without
 * `attempts`, `result`, `error` or `silent` it hands back its input.
 */
const stubSchema = pluginDefinitionSchema
  .omit({ name: true })
  .partial()
  .extend({
    result: z.optional(jsonSchema),
    error: errorSchema.optional(),
    silent: z.literal(true).optional(),
    /** What its attempts come to, one after another, in the whole order; the last one stays. */
    attempts: z.array(outcomeSchema).min(1).optional(),
    /** What undoing comes to. Default: it succeeds. */
    undo: z.array(outcomeSchema).min(1).optional(),
    /** How long an attempt takes, in seconds of the trial. */
    seconds: z.number().min(0).optional(),
  });

export const stubsSchema = z.record(eventTypeSchema, stubSchema);

/** By plugin, by workflow of a child order, or by type of an event that is waited for. */
export type Stubs = z.input<typeof stubsSchema>;
export type Stub = z.output<typeof stubSchema>;
export type AttemptOutcome = z.output<typeof outcomeSchema>;

/** @throws {Problem} that names what is wrong with them */
export function readStubs(stubs: unknown): ReadonlyMap<string, Stub> {
  return new Map(Object.entries(parse(stubsSchema, stubs)));
}

/** What the stub's `number`th attempt comes to, from 1; `undefined` if it hands back its input. */
export function outcomeOf(stub: Stub, number: number): AttemptOutcome | undefined {
  if (stub.attempts !== undefined) return stub.attempts[Math.min(number, stub.attempts.length) - 1];
  if (stub.error !== undefined) return { error: stub.error };
  if (stub.silent) return { silent: true };
  return 'result' in stub ? { result: stub.result ?? null } : undefined;
}

/** The registry of a trial: those that the workflow names, and those that are stubs. */
export function pluginsOf(named: ReadonlySet<string>, stubs: ReadonlyMap<string, Stub>): Plugins {
  const plugins = [...stubs.keys()].filter((name) => pluginNameSchema.safeParse(name).success);
  const names = [...new Set([...named, ...plugins])];
  return new Map(names.map((name) => [name, pluginOf(name, stubs.get(name))]));
}

function pluginOf(name: string, stub: Stub | undefined): Plugin {
  const {
    result: _,
    error: __,
    silent: ___,
    attempts: ____,
    undo: _____,
    seconds: ______,
    ...own
  } = stub ?? {};
  const definition = toPluginDefinition(pluginDefinitionSchema.parse({ name, ...own }));
  return { ...definition, owner: 'trial', queueUrl: '', queueArn: '', registeredAt: 0 };
}
