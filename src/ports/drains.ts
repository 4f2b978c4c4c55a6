import type { Instant } from '../core/json.ts';

/** A plugin that retires, and the stack that waits for the end of it. */
export interface Drain {
  readonly plugin: string;
  readonly queueUrl: string;
  readonly since: Instant;
  /** It ends no sooner than the orders that have a session with it. */
  readonly stateful?: true;
  /** Where and how to answer CloudFormation's request. */
  readonly reply: {
    readonly ResponseURL: string;
    readonly StackId: string;
    readonly RequestId: string;
    readonly LogicalResourceId: string;
  };
}

export interface Drains {
  list(): Promise<readonly Drain[]>;
  /** Replaces an earlier drain of the plugin. */
  put(drain: Drain): Promise<void>;
  remove(plugin: string): Promise<void>;
}
