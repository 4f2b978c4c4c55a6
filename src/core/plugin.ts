import type { FilterPolicy } from './filter-policy.ts';
import type { Instant } from './json.ts';
import type { Quarantine, QuarantineRule } from './quarantine.ts';
import type { RetryPolicy, StageName } from './workflow.ts';

/** One stage that a plugin joins wherever a workflow says `"*"` there. */
export interface Participation {
  readonly activity: string;
  readonly stage: StageName;
  /** Only in this workflow. Default: in every workflow that has the activity. */
  readonly workflow?: string;
  /** Place among the others in a pre or post stage: lower first, ties by name. Default 100. */
  readonly order: number;
  /** An optional plugin may fail without failing the order. Default true. */
  readonly mandatory: boolean;
  /** SNS filter policy on the order's attributes. Default: every order. */
  readonly filter?: FilterPolicy;
}

/** What a plugin's author declares, with every default filled in. */
export interface PluginDefinition {
  readonly name: string;
  readonly joins: readonly Participation[];
  /** Its tasks are performed by workers in containers, not by a Lambda: there is no event source mapping. */
  readonly runs?: 'container';
  /**
   * Its tasks are performed one at a time for each value of this attribute of their orders, `attributes.<name>`: its queue is FIFO. Default: in any
   * order, all at once.
   */
  readonly ordered?: string;
  /**
   * Goes with `ordered`, whose attribute holds the session: its tasks carry the session's id and one of their own, and it does not end
   * before the orders whose sessions it has. Default: what it has done is all in its results.
   */
  readonly stateful?: true;
  /** It takes so many tasks of one client at once; the others wait for their turn. Default: all. */
  readonly tasksPerClient?: number;
  /** The plugin gets the order's original input and its earlier jobs with each task. Default false. */
  readonly history: boolean;
  /** The plugin can undo what it did: its function performs compensations too. Default false. */
  readonly compensates: boolean;
  /** One attempt may last this long, counted from its dispatch, in seconds. Default 3600. */
  readonly timeoutSeconds: number;
  /** An attempt that is silent this long has failed, in seconds. Default: no heartbeat is expected. */
  readonly heartbeatSeconds?: number;
  /** All attempts together, pauses included, in seconds. Default 86 400. */
  readonly totalSeconds: number;
  readonly retry: RetryPolicy;
  /** When it is held back because it fails; `false`: never, unless a person does. Default: see `DEFAULT_RULE`. */
  readonly quarantine?: QuarantineRule | false;
  /** Instances of the plugin at once: `base` to begin with, never more than `ceiling`. Default 10 and 10. */
  readonly concurrency: { readonly base: number; readonly ceiling: number };
  /** Its event source mapping is disabled after this long without work, in seconds. Default: never. */
  readonly switchOffAfterIdleSeconds?: number;
  /** Lambda's name of the plugin's function, by which its instances are counted. */
  readonly functionName?: string;
}

/** A plugin as the registry knows it. */
export interface Plugin extends PluginDefinition {
  /** The stack that deployed it: the only one that may change or remove it. */
  readonly owner: string;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly registeredAt: Instant;
  /** Where its registration before this one took part, as people write it: a stack that rolls back returns there. */
  readonly joinedBefore?: readonly string[];
  /** Its event source mapping is disabled, until somebody says that it is awaited. */
  readonly switchedOff?: true;
  /** It retires: it finishes the tasks that it has, and gets no others. */
  readonly draining?: true;
  /** It is held back, or was until a while ago. */
  readonly quarantined?: Quarantine;
}

/** The registrations as of now, by name. */
export type Plugins = ReadonlyMap<string, Plugin>;
