import type { Instant } from '../core/json.ts';

/** Waits for orders elsewhere, where it costs nobody a place: only so many are waited for at once. */
export interface DirectAnswers {
  /** @throws if nobody could wait, for any other reason than those of {@link NotWaited} */
  ask(question: Question): Promise<DirectAnswer | NotWaited>;
}

export interface Question {
  readonly orderId: string;
  /** When whoever asks gives up. */
  readonly until: Instant;
  /** Whether the order is shown as operators see it. */
  readonly forOperator: boolean;
}

/** What has become of the order when the waiting is over. */
export type DirectAnswer =
  /** The order, as `GET /orders/{orderId}` shows it. */
  | { readonly outcome: 'ended'; readonly order: object }
  | { readonly outcome: 'timeUp'; readonly status: string };

export interface NotWaited {
  readonly outcome: 'tooManyWaiting' | 'switchedOff';
}
