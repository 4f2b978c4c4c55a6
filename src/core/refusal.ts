/** Why an order does not do what it was asked for: a stable code of the API, and a sentence for people. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
}

export type RefusalCode =
  | 'ALREADY_UNDONE'
  | 'IDEMPOTENCY_CONFLICT'
  | 'ORDER_COMPENSATING'
  | 'ORDER_ENDED'
  | 'ORDER_NOT_FAILED'
  | 'ORDER_NOT_PAUSED'
  | 'PAST_PIVOT'
  | 'RETRY_NOT_POSSIBLE'
  | 'TASK_NOT_OPEN'
  | 'VERSION_DOES_NOT_FIT';

export function refusal(code: RefusalCode, message: string): Refusal {
  return { code, message };
}

/** Whether it is no order: every order has a status. */
export function isRefusal(value: object): value is Refusal {
  return !('status' in value);
}
