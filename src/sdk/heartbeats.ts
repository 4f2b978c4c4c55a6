import { heartbeat } from './answer.ts';
import type { Attempt } from './attempt.ts';
import type { Runtime } from './runtime.ts';

/** Tells the core that an attempt has begun or goes on. */
export interface Heartbeats {
  /** Sends a heartbeat, unless one has left within the last `everyMs`. False if it could not be sent; never rejects. */
  beat(): Promise<boolean>;
  /** Whether any has left, or may have. */
  haveBegun(): boolean;
  /** From then on nothing is sent: the task has been answered. */
  end(): void;
}

export function heartbeatsOf(
  { token, log }: Attempt,
  everyMs: number,
  { clock, send }: Runtime,
): Heartbeats {
  const body = JSON.stringify({ answers: [heartbeat(token)] });
  let over = false;
  let hasBegun = false;
  let sentAt = Number.NEGATIVE_INFINITY;
  return {
    beat: async () => {
      const now = clock.now();
      if (over || now - sentAt < everyMs) return true;
      sentAt = now;
      hasBegun = true;
      try {
        await send(body);
        return true;
      } catch (error) {
        sentAt = Number.NEGATIVE_INFINITY;
        log.warn('a heartbeat could not be sent', { reason: String(error) });
        return false;
      }
    },
    haveBegun: () => hasBegun,
    end: () => {
      over = true;
    },
  };
}
