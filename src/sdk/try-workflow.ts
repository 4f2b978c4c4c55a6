import { defined } from '../core/defined.ts';
import type { Stubs } from '../trial/stubs.ts';
import {
  DEFERRED,
  type PlayPlugin,
  playWorkflow,
  readTrialDefinition,
  type Trial,
} from '../trial/try-workflow.ts';
import { failureOf } from './answer.ts';
import type { PluginHandler } from './define-plugin.ts';
import { performOnce } from './perform-once.ts';
import { PermanentError, RetryLaterError } from './task-errors.ts';

// biome-ignore lint/suspicious/noExplicitAny: plugins of any input and result
type AnyPlugin = Pick<PluginHandler<any, any>, 'work'>;

/**
 * What stands in for a plugin in a trial: a plugin, a function, or an object with parts of its definition (`joins`, `retry`,
 * `timeoutSeconds`, `compensates`, …) and with what it does (`result`, `error`, `attempts`, `silent`, `seconds`, or `performs`). Of one that
 * performs and defers its task, `result`, `error` or `attempts` is the callback, after `seconds`; without them none comes.
 */
export type TrialPlugin =
  | PlayPlugin
  | AnyPlugin
  | (Stubs[string] & { readonly performs?: PlayPlugin | AnyPlugin });

/** The order to try; all of it may be left out. */
export interface TrialSetting {
  /** Default `null`. */
  readonly input?: Parameters<PlayPlugin>[0];
  /** For filters and conditions. Default: none. */
  readonly attributes?: Parameters<PlayPlugin>[1]['attributes'];
  /** By name. A plugin that the workflow names and that is left out hands back its input. */
  readonly plugins?: Readonly<Record<string, TrialPlugin>>;
}

/**
 * Plays one order of a workflow offline, by the core that decides in the running system: who is invited, with which input, what comes out,
 * what an error or a retry would do. Time is the trial's own, so that a wait of a day takes none, and the same trial always gives the same.
 *
 * @param workflow the definition, as text (YAML or JSON) or as an object
 * @throws {Problem} (of `batonflow`) that names the line and what is wrong with the definition, or with what stands in for a plugin
 *
 * @example
 * import { tryWorkflow } from 'batonflow/sdk/testing';
 *
 * const workflow = `
 * name: greeting
 * activities:
 *   - name: greet
 *     pre: [find-name, shout]
 * `;
 * const { order, dispatched } = await tryWorkflow(workflow, {
 *   input: 17,
 *   plugins: {
 *     'find-name': { result: 'Ada' },
 *     shout: (name) => `${name}!`,
 *   },
 * });
 * // order.status: 'completed', order.result: 'Ada!'
 * // dispatched[1].input: 'Ada'
 */
export async function tryWorkflow(
  workflow: string | object,
  { plugins = {}, ...setting }: TrialSetting = {},
): Promise<Trial> {
  const stubs: Record<string, Stubs[string]> = {};
  const play: Record<string, PlayPlugin> = {};
  for (const [name, plugin] of Object.entries(plugins)) {
    const { performs, ...stub } = isPlayer(plugin) ? { performs: plugin } : plugin;
    stubs[name] = stub as Stubs[string];
    if (performs !== undefined) play[name] = playerOf(performs);
  }
  return playWorkflow(readTrialDefinition(workflow), { ...setting, stubs, play }, readThrown);
}

function isPlayer(plugin: TrialPlugin): plugin is PlayPlugin | AnyPlugin {
  return typeof plugin === 'function' || 'work' in plugin;
}

/** A plugin performs its task, or undoes one, as it would on AWS: its schema checks the input, and its result must be JSON. */
function playerOf(performs: PlayPlugin | AnyPlugin): PlayPlugin {
  if (!('work' in performs)) return performs;
  return async (input, { undoes, ...task }) => {
    const performed = await performOnce(performs, input, { ...task, ...defined({ job: undoes }) });
    if (performed.status === 'completed') return performed.result;
    if (performed.status === 'deferred') return DEFERRED;
    const { error, retry, afterSeconds = 0 } = performed;
    if (retry === 'never') throw new PermanentError(error.code, error.message);
    if (retry === 'later') throw new RetryLaterError(afterSeconds, error.message);
    throw Object.assign(new Error(error.message), { code: error.code });
  };
}

/** As the SDK reports what a plugin's function throws. */
export function readThrown(thrown: unknown) {
  const { error, retry, afterSeconds = 0 } = failureOf(thrown);
  return retry === 'later' ? { ...error, retry, afterSeconds } : { ...error, retry };
}
