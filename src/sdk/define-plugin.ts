import type { InputSchema } from './input-schema.ts';
import type { BatchOutcome, Invocation, InvocationContext } from './invocation.ts';
import { performBatch } from './perform-batch.ts';
import type { Compensate, Perform, PluginWork } from './perform-task.ts';
import type { Runtime } from './runtime.ts';
import { connect } from './runtime.ts';

/**
 * What may be said of a plugin beside its function.
 *
 * @example
 * import { definePlugin, type PluginOptions } from 'batonflow/sdk';
 *
 * const options: PluginOptions<number> = { heartbeatEverySeconds: 20 };
 * export const handler = definePlugin((n: number) => n * 2, options);
 */
export interface PluginOptions<Input, Result = unknown> {
  /**
   * Checks the input before `perform` sees it: a zod schema, any other standard schema, or `{ parse }`. An input that does
   * not fit fails its task for good, with the code INVALID_INPUT and the names of the fields. Default: the input is taken as it is.
   */
  readonly input?: InputSchema<Input>;
  /**
   * The least time between two heartbeats of a task, in seconds; `task.heartbeat()` calls in between do nothing. Keep it
   * to a third of the plugin's `heartbeatSeconds` at most. Default 5.
   */
  readonly heartbeatEverySeconds?: number;
  /**
   * Asks the core before each task whether it is still wanted, and leaves it alone if it is not: its order has ended or was cancelled, or
   * its attempt has timed out and another one is under way. It costs a call of the HTTP API for each task, some 10 to 50 ms; so it is for
   * work that is dear, or that harms when it comes too late. If the core does not answer within two seconds, the task begins. Default false.
   */
  readonly checkBeforeStart?: boolean;
  /**
   * Undoes the work of a task that completed, when its order fails later or is cancelled. The plugin's block says `compensates: true`.
   * Default: the work stays done.
   */
  readonly compensate?: Compensate<Input, Awaited<Result>>;
}

/**
 * A Lambda handler for the plugin's queue. It reports failed records, so the mapping needs ReportBatchItemFailures, which
 * `batonflow/plugin-resources` gives it.
 *
 * @example
 * import { definePlugin, type PluginHandler } from 'batonflow/sdk';
 *
 * export const handler: PluginHandler<number, number> = definePlugin((n: number) => n * 2);
 */
export interface PluginHandler<Input, Result> {
  (event: Invocation, context: InvocationContext): Promise<BatchOutcome>;
  /** What the plugin was defined with; `performOnce` of `batonflow/sdk/testing` runs it without AWS. */
  readonly work: PluginWork<Input, Result>;
}

const HEARTBEAT_EVERY_SECONDS = 5;

/**
 * Makes a plugin of a function. The function gets a task's input and the task, and its result goes to the next plugin of
 * the order; a result is JSON, at most 5 MiB, and nothing (`undefined`) counts as `null`. Messages may come twice, so
 * the function may run twice for the same task: let what it does outside depend on `orderId` and `job` only.
 *
 * The tasks of a batch run at the same time; those whose process ended when they were delivered before run one by one. What the function throws fails the attempt: `PermanentError` for good,
 * `RetryLaterError` until a time of its choosing, anything else is retried as the plugin's policy says.
 *
 * The handler needs `BATON_PLUGIN`, `BATON_PLUGIN_KEY`, `BATON_ORCHESTRATOR_QUEUE_URL`, `BATON_QUEUE_URL`, `BATON_API_URL` and `BATON_BUCKET_NAME`, which
 * `batonflow/plugin-resources` sets; it reads them at its first invocation.
 *
 * @throws {Error} from the handler, when one of these variables is not set: it names all that are missing
 *
 * @example
 * import { definePlugin } from 'batonflow/sdk';
 *
 * export const handler = definePlugin(async (name: string, task) => {
 *   task.log.info('greeting');
 *   return { text: `Hello, ${name}!` };
 * });
 *
 * @example
 * import { definePlugin } from 'batonflow/sdk';
 * import * as z from 'zod';
 *
 * const order = z.object({ items: z.array(z.object({ price: z.number(), quantity: z.int() })) });
 *
 * export const handler = definePlugin(
 *   ({ items }) => ({ total: items.reduce((sum, { price, quantity }) => sum + price * quantity, 0) }),
 *   { input: order },
 * );
 */
export function definePlugin<Input, Result>(
  perform: Perform<Input, Result>,
  options: PluginOptions<Input, Result> = {},
): PluginHandler<Input, Result> {
  const work = {
    heartbeatEverySeconds: HEARTBEAT_EVERY_SECONDS,
    checkBeforeStart: false,
    ...options,
    perform,
  };
  let runtime: Runtime | undefined;
  const handler = async (event: Invocation, context: InvocationContext) => {
    runtime ??= connect(work);
    return performBatch(work, event.Records, context.getRemainingTimeInMillis(), runtime);
  };
  return Object.assign(handler, { work });
}
