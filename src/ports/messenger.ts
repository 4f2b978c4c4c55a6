import type { OrchestratorMessage, TaskMessage } from '../contract/messages.ts';
import type { LifecycleFact } from '../core/command.ts';

/** A message that is to leave the system, and the order on whose behalf. */
export type OutgoingMessage = { readonly orderId: string } & (
  | { readonly to: 'plugin'; readonly queueUrl: string; readonly body: TaskMessage }
  | { readonly to: 'broadcast'; readonly plugins: readonly string[]; readonly body: TaskMessage }
  | {
      readonly to: 'orchestrator';
      readonly delaySeconds: number;
      readonly body: OrchestratorMessage;
    }
  | { readonly to: 'lifecycle'; readonly body: LifecycleFact }
);

/** Sends messages in as few calls as their destinations and sizes allow. */
export interface Messenger {
  /** The orders whose messages could not all be sent, each with the reason. */
  send(messages: readonly OutgoingMessage[]): Promise<ReadonlyMap<string, Error>>;
}
