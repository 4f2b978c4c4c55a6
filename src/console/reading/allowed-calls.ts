import type { Me } from '../messages.ts';

/** A call of the HTTP API, as the API lists it: `POST /orders/{orderId}/cancel`. */
export type Call = `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`;

/** Whether somebody may make a call. Only a client's calls are listed: an operator may make all. */
export function allows({ kind, calls }: Me, call: Call): boolean {
  return kind === 'operator' || calls?.includes(call) === true;
}
