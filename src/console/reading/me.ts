import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Me } from '../messages.ts';
import { allows, type Call } from './allowed-calls.ts';
import { api } from './api.ts';
import { token } from './session.ts';
import { type Polled, usePolled } from './use-polled.ts';

/** Whose token the page carries; undefined before the API has said so. */
export const me = signal<Me | undefined>(undefined);

/** Asks for it, once for each token. */
export function useMe(): Polled<Me> {
  const answer = usePolled(`me ${token.value}`, api.me, () => true);
  useEffect(() => {
    me.value = answer.value;
  }, [answer.value]);
  return answer;
}

/** Whether the caller may make the call. Before that is known, nothing may: a button comes late rather than in vain. */
export function may(call: Call): boolean {
  return me.value !== undefined && allows(me.value, call);
}
