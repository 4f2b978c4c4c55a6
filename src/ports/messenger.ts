import type { OrchestratorMessage, TaskMessage } from '../contract/messages.ts';
import type { LifecycleFact } from '../core/command.ts';

/** Where a message stands in a queue that keeps an order. */
export interface PlaceInLine {
  /** Messages of one line are delivered one after another, each when the one before is done. */
  readonly line: string;
  /** Of two messages with the same one, within five minutes, the queue keeps one. */
  readonly message: string;
}

interface ForPlugins {
  readonly body: TaskMessage;
  /** Whose order it is, if it is a client's: queues are fair among clients. */
  readonly client?: string;
}

/** A message that is to leave the system, and the order on whose behalf. */
export type OutgoingMessage = { readonly orderId: string } & (
  | ({
      readonly to: 'plugin';
      readonly queueUrl: string;
      /** Only for an ordered plugin. */
      readonly place?: PlaceInLine;
    } & ForPlugins)
  | ({ readonly to: 'broadcast'; readonly plugins: readonly string[] } & ForPlugins)
  | {
      readonly to: 'orchestrator';
      /** Seconds, 0 to 900. */
      readonly delaySeconds: number;
      readonly body: OrchestratorMessage;
      /** Whose order is to begin, if it is a client's: thousands that begin keep nobody else's waiting. */
      readonly client?: string;
    }
  | { readonly to: 'lifecycle'; readonly body: LifecycleFact }
);

/** A message that could not be sent, and why. */
export interface Unsent {
  readonly message: OutgoingMessage;
  /** A `TooLargeError` for a message that no queue or topic takes, however often it is sent. */
  readonly error: Error;
}

/** Sends messages in as few calls as their destinations and sizes allow. */
export interface Messenger {
  /** @returns the messages that could not be sent; each is answered for by itself. Never throws. */
  send(messages: readonly OutgoingMessage[]): Promise<readonly Unsent[]>;
}
