import type { Instant } from '../core/json.ts';

/** A message that the orchestrator has given up on. */
export interface DeadLetter {
  readonly id: string;
  readonly sentAt: Instant;
  readonly body: string;
}

export interface DeadLetterList {
  readonly letters: readonly DeadLetter[];
  /** How many there are, as the queue counts: approximately. */
  readonly total: number;
}

/**
 * The orchestrator's dead letters. A queue knows no search: to find one, its messages are taken one after another, kept hidden meanwhile, and
 * put back. So whoever looks at the same time may miss those that another is just looking at, and a search ends after some thousand.
 */
export interface DeadLetters {
  /** Some of them, as many as asked for. */
  list(limit: number): Promise<DeadLetterList>;
  find(id: string): Promise<DeadLetter | undefined>;
  /**
   * Sends the message to the orchestrator again, then takes it away. Whoever dies in between leaves it in both queues; to apply a message
   * twice changes nothing.
   * @returns whether it was found
   */
  redrive(id: string): Promise<boolean>;
  /** Takes it away for good. @returns the message; `undefined` if it was not found */
  drop(id: string): Promise<DeadLetter | undefined>;
}
