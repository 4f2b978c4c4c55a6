import type * as z from 'zod';
import { viewOrder } from '../app/orders/order-view.ts';
import { type Definition, pluginsNamedIn } from '../contract/definition-content.ts';
import { attributesSchema } from '../contract/json.ts';
import type { TaskMessage } from '../contract/messages.ts';
import type { orderSchema } from '../contract/order-responses.ts';
import { parse } from '../contract/parse.ts';
import { readDefinition, readDefinitionText } from '../contract/workflow-definition.ts';
import { defined } from '../core/defined.ts';
import type { Json } from '../core/json.ts';
import type { Attributes } from '../core/order.ts';
import {
  type Perform,
  type Performance,
  type SentTask,
  TRIAL_BEGINS_AT,
  tryOrder,
} from '../engine/try-order.ts';
import { createProcessEvaluator } from '../expressions/process-evaluator.ts';
import { outcomeOf, pluginsOf, readStubs, type Stub, type Stubs } from './stubs.ts';

/** An attempt takes this long unless its stub says otherwise. Seconds. */
const USUAL_SECONDS = 1;

/** What an attempt of a plugin gets, where a function plays the plugin. */
export interface TrialTask {
  readonly job: string;
  readonly attempt: number;
  readonly attributes: Attributes;
  /** Only in an activity's `onFailure`: the failure that it is about. */
  readonly caught?: TaskMessage['caught'];
  /** It is to undo what this job did: `input` is what the job got. */
  readonly undoes?: string;
  /** With `undoes`: what the job gave, and how the order ends. */
  readonly compensate?: TaskMessage['compensate'];
}

/** What a plugin gives that defers its task. */
export const DEFERRED = Symbol('deferred');

type Played = Json | undefined | typeof DEFERRED;

/** Plays a plugin: what it returns is the result, what it throws fails the attempt. It may be asynchronous. */
export type PlayPlugin = (input: Json, task: TrialTask) => Played | Promise<Played>;

/** Turns what a function threw into the failure that a running plugin would report. */
export type ReadThrown = (thrown: unknown) => Exclude<Performance['answer'], { result: Json }>;

export interface WorkflowTrial {
  /** The order's input. Default `null`. */
  readonly input?: Json;
  /** The order's attributes, for filters and conditions. Default: none. */
  readonly attributes?: Attributes;
  /**
   * What stands in for plugins, by name: parts of the definition (`joins`, `retry`, `timeoutSeconds`, `compensates`, …) and what it does:
   * `result`, `error`, `attempts` (one outcome after another), `silent: true`, `seconds`. Those left out hand back their input. Under the
   * type of an event that is waited for stands what comes: `result` is its data, `silent: true` says that none does; left out, one comes
   * without data.
   */
  readonly stubs?: Stubs;
  /** Functions that play plugins, by name. What the stub of the same name does is left out of account. */
  readonly play?: Readonly<Record<string, PlayPlugin>>;
}

/** One attempt as it was sent to its plugin. */
export interface Dispatch {
  /** Seconds since the order was placed, on the trial's own clock. */
  readonly atSeconds: number;
  readonly job: string;
  readonly plugin: string;
  readonly attempt: number;
  readonly input: Json;
  /** It undoes this job, whose input it gets. */
  readonly undoes?: string;
}

/** How an order of the workflow would go. */
export interface Trial {
  /** As `GET /orders/{orderId}` shows it: status, result or error, tasks, those that were not invited and why, the timeline. */
  readonly order: z.output<typeof orderSchema>;
  /** Every attempt, in the order in which they were sent. */
  readonly dispatched: readonly Dispatch[];
  /** From the placing to the end, on the trial's own clock. */
  readonly seconds: number;
}

/** A definition as text (YAML or JSON) or as an object. @throws {Problem} that names the line and what is wrong */
export function readTrialDefinition(workflow: string | object): Definition {
  const nameOf = (named: unknown) => {
    const { name } = (named ?? {}) as { name?: unknown };
    return typeof name === 'string' ? name : 'trial';
  };
  if (typeof workflow === 'object') return readDefinition(nameOf(workflow), workflow);
  const named = /^name:\s*['"]?([\w-]+)/m.exec(workflow)?.[1] ?? 'trial';
  return readDefinitionText(named, workflow);
}

/** Plays one order of a workflow offline. */
export async function playWorkflow(
  definition: Definition,
  { input = null, attributes = {}, stubs = {}, play = {} }: WorkflowTrial,
  readThrown: ReadThrown,
): Promise<Trial> {
  const known = readStubs({
    ...Object.fromEntries(Object.keys(play).map((name) => [name, {}])),
    ...stubs,
  });
  const workflow = { ...definition, version: 1 };
  const plugins = pluginsOf(pluginsNamedIn(workflow), known);
  const context = { workflow, plugins, listsStayWhole: true } as const;
  const order = { input, attributes: parse(attributesSchema, attributes) };
  const evaluator = createProcessEvaluator();
  try {
    const perform = performing(known, play, readThrown);
    const { entries, dispatched } = await tryOrder(order, context, perform, evaluator);
    const last = entries.at(-1)?.at ?? TRIAL_BEGINS_AT;
    return {
      order: viewOrder(entries, workflow) as Trial['order'],
      dispatched: dispatched.map(viewDispatch),
      seconds: secondsSinceStart(last),
    };
  } finally {
    await evaluator.stop();
  }
}

function performing(
  stubs: ReadonlyMap<string, Stub>,
  play: Readonly<Record<string, PlayPlugin>>,
  readThrown: ReadThrown,
): Perform {
  const counts = new Map<string, number>();
  return async (task) => {
    const { plugin, input, compensates, awaits } = task;
    const stub = stubs.get(plugin) ?? {};
    const afterMs = (stub.seconds ?? USUAL_SECONDS) * 1000;
    const player = Object.hasOwn(play, plugin) ? play[plugin] : undefined;
    const own = player && (await played(player, task, readThrown));
    if (own !== undefined && own !== DEFERRED) return { afterMs, answer: own };
    const kind = compensates === undefined ? plugin : `undo ${plugin}`;
    const number = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, number);
    const outcome =
      compensates === undefined
        ? outcomeOf(stub, number)
        : (stub.undo?.[Math.min(number, stub.undo.length) - 1] ?? { result: null });
    // Of a task that is deferred, the stub plays the callback.
    if (outcome === undefined && own === DEFERRED) return undefined;
    if (outcome === undefined) return { afterMs, answer: { result: awaits ? null : input } };
    if ('silent' in outcome) return undefined;
    const ownMs = outcome.seconds === undefined ? afterMs : outcome.seconds * 1000;
    if ('result' in outcome) return { afterMs: ownMs, answer: { result: outcome.result } };
    const { error, retry = 'policy', retryAfterSeconds } = outcome;
    const failure = typeof error === 'string' ? { message: error } : error;
    const code = failure.code ?? readThrown(new Error(failure.message)).code;
    const advice =
      retryAfterSeconds === undefined
        ? ({ retry } as const)
        : ({ retry: 'later', afterSeconds: retryAfterSeconds } as const);
    return {
      afterMs: ownMs,
      answer: { code, message: failure.message, ...advice },
    };
  };
}

async function played(
  player: PlayPlugin,
  { input, job, attempt, attributes, caught, compensates, compensate }: SentTask,
  readThrown: ReadThrown,
): Promise<Performance['answer'] | typeof DEFERRED> {
  const about = defined({ caught, undoes: compensates?.job, compensate });
  try {
    const result = await player(input, { job, attempt, attributes, ...about });
    return result === DEFERRED ? DEFERRED : { result: result ?? null };
  } catch (thrown) {
    return readThrown(thrown);
  }
}

function viewDispatch(task: SentTask & { readonly at: number }): Dispatch {
  const { job, plugin, attempt, input, compensates, at } = task;
  const undoes = defined({ undoes: compensates?.job });
  return { atSeconds: secondsSinceStart(at), job, plugin, attempt, input, ...undoes };
}

const secondsSinceStart = (at: number): number => (at - TRIAL_BEGINS_AT) / 1000;
