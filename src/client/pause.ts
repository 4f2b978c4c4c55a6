/** Resolves in so many milliseconds. @throws the signal's reason, as soon as it is aborted */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort, { once: true });
  });
}

/** The first pause between two looks at what goes on. Milliseconds. */
export const FIRST_LOOK_MS = 50;

const LONGEST_LOOK_MS = 2000;
const GROWTH = 1.5;

/** The pause after one of so many milliseconds: what takes long is looked at less often. */
export function nextLookMs(pauseMs: number): number {
  return Math.min(pauseMs * GROWTH, LONGEST_LOOK_MS);
}
