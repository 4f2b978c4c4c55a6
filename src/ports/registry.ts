import type { Instant } from '../core/json.ts';
import type { Plugin, Plugins } from '../core/plugin.ts';

/** A stack's request about one of its resources. Requests may arrive late, twice, and in any order. */
export interface StackRequest {
  /** The stack, with the id of its incarnation: a stack that is made again after it was deleted has another one. */
  readonly stackId: string;
  /** The resource's name in the stack's template. */
  readonly logicalId: string;
  readonly requestId: string;
  /** When CloudFormation sent it, as the topic says. */
  readonly sentAt: Instant;
}

/**
 * What became of a registration: it is the one that counts now; a later request counts instead, or this one has been heard
 * before; or another stack holds the name.
 */
export type Registered =
  | { readonly outcome: 'registered' | 'superseded' }
  | { readonly outcome: 'taken'; readonly owner: string };

/** The registrations. Requests count in the order in which they were sent, whatever the order in which they come. */
export interface Registry {
  /**
   * As of a few seconds ago at most; `withinMs`, as of so many milliseconds ago at most. `fresh` asks the table. `naming` asks it when one
   * of these names is unknown, though not more than once a second for a name: a plugin may have been deployed a moment ago, or never.
   */
  plugins(options?: {
    readonly fresh?: boolean;
    readonly naming?: Iterable<string>;
    readonly withinMs?: number;
  }): Promise<Plugins>;
  /** One registration, as of now. */
  find(name: string): Promise<Plugin | undefined>;
  /** Stores the registration unless another owner holds the name. */
  put(plugin: Plugin, by: StackRequest): Promise<Registered>;
  /** Removes the registration that the same resource of the same stack has made by an earlier request. */
  remove(name: string, by: StackRequest): Promise<void>;
  /** Says of a plugin whether it is switched off; nothing of an unknown one. */
  setSwitchedOff(name: string, switchedOff: boolean): Promise<void>;
  /**
   * Says of a plugin that it retires, until it is registered again.
   * @param registration The logical id of the resource that registered it; another one's registration does not retire.
   * @returns Whether it retires by this request.
   */
  setDraining(name: string, registration: string, by: StackRequest): Promise<boolean>;
}

/**
 * An instance asks the table again after this long: a plugin that was just deployed gets its first task seconds later, and an
 * instance that is busy makes a dozen queries a minute, however many orders it advances. Milliseconds.
 */
export const CACHED_MS = 5000;

/**
 * An unknown name is asked for again after this long. It is shorter than a deployment takes from the registration to the end of
 * its stack, so that whoever waits for the stack finds the plugin. Milliseconds.
 */
export const MISSING_MS = 1000;

/** Topic and function deliver a message for 23 days at most; a removed registration is remembered for longer, so that no late request brings it back. */
export const LATEST_DELIVERY_MS = 30 * 86_400_000;
