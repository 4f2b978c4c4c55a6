/** Why a task or an order failed: a stable UPPER_SNAKE code, and a sentence for people. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}
