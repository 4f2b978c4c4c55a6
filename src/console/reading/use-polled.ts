import { signal } from '@preact/signals';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { TOKEN_REFUSED } from '../../client/connection.ts';
import { ArgumentError, RefusedError, UnreachableError } from '../../client/errors.ts';
import { pauseAfter } from './poll-pause.ts';
import { isRefused } from './session.ts';

export interface Polled<Value> {
  /** Undefined before the first answer. What is here stays when a later look fails. */
  readonly value?: Value;
  readonly error?: Error;
  /** Looks at once. */
  readonly again: () => void;
}

/** When the page last heard from Baton, and whether it hears now. */
export const contact = signal<{ readonly at: number | undefined; readonly lost: boolean }>({
  at: undefined,
  lost: false,
});

/** Ends the pauses of all that polls. */
const wake = signal(0);
export const lookAgain = () => {
  wake.value += 1;
};

/**
 * Reads again and again while the page is visible, and no longer once `isOver` says so.
 * @param key names what is read; with another key, the reading starts over
 */
export function usePolled<Value>(
  key: string,
  read: (signal: AbortSignal) => Promise<Value>,
  isOver: (value: Value) => boolean = () => false,
): Polled<Value> {
  const [state, setState] = useState<{ key: string; value?: Value; error?: Error }>({ key });
  const latest = useRef({ read, isOver });
  latest.current = { read, isOver };
  const again = useRef(() => {});

  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let text: string | undefined;
    let pauseMs = 0;
    let over = false;
    let looking = false;

    const look = async () => {
      if (looking || over || document.hidden) return;
      looking = true;
      clearTimeout(timer);
      try {
        const value = await latest.current.read(controller.signal);
        const read = JSON.stringify(value);
        pauseMs = pauseAfter(read === text ? 'unchanged' : 'changed', pauseMs);
        if (read !== text) setState({ key, value });
        else setState((state) => (state.error === undefined ? state : { key, value }));
        text = read;
        over = latest.current.isOver(value);
        contact.value = { at: Date.now(), lost: false };
        isRefused.value = false;
      } catch (error) {
        if (controller.signal.aborted) return;
        pauseMs = pauseAfter('failed', pauseMs);
        over = isForbidden(error);
        noteFailure(error);
        setState((state) => ({
          key,
          ...(state.key === key && state.value !== undefined && { value: state.value }),
          error: error as Error,
        }));
      } finally {
        looking = false;
      }
      if (!over && !controller.signal.aborted) timer = setTimeout(look, pauseMs);
    };

    again.current = () => {
      over = false;
      void look();
    };
    // What is over may go on meanwhile: an order was retried in another tab.
    const onVisible = () => {
      if (!document.hidden) again.current();
    };
    document.addEventListener('visibilitychange', onVisible);
    const unsubscribe = wake.subscribe(() => again.current());
    return () => {
      controller.abort();
      clearTimeout(timer);
      unsubscribe();
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [key]);

  const lookNow = useCallback(() => again.current(), []);
  return state.key === key ? { ...state, again: lookNow } : { again: lookNow };
}

/** A refusal is an answer; silence is a loss of contact; a refused token leads to the sign-in. */
export function noteFailure(error: unknown): void {
  if (error instanceof UnreachableError) contact.value = { at: contact.value.at, lost: true };
  if (error instanceof RefusedError && isAboutToken(error)) isRefused.value = true;
  if (error instanceof ArgumentError && error.argument === 'token') isRefused.value = true;
}

/** What this token may not see, it may not see in two seconds either. */
function isForbidden(error: unknown): boolean {
  return error instanceof RefusedError && error.code === 'FORBIDDEN' && !isAboutToken(error);
}

function isAboutToken({ status, problem }: RefusedError): boolean {
  return status === 401 || (status === 403 && problem.detail === TOKEN_REFUSED);
}
