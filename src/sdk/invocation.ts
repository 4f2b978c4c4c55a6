import type { QueueRecord } from './queue-record.ts';

/** What Lambda hands to a plugin's function: the records of its queue. Types of our own, so that nobody needs `@types/aws-lambda`. */
export interface Invocation {
  readonly Records: readonly QueueRecord[];
}

/** What the SDK uses of Lambda's context. */
export interface InvocationContext {
  /** Milliseconds until the function's timeout. */
  getRemainingTimeInMillis(): number;
}

/** The records that come again; all others are deleted from the queue. */
export interface BatchOutcome {
  batchItemFailures: { itemIdentifier: string }[];
}
