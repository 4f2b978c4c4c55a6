import type { Clock } from './runtime.ts';

/** An attempt ran out of time: its own, its function's, or that of a worker which is to stop. */
export class OutOfTime extends Error {
  readonly code: 'TASK_TIMED_OUT' | 'LAMBDA_TIMEOUT' | 'WORKER_STOPPED';
  private constructor(code: OutOfTime['code'], message: string) {
    super(message);
    this.name = 'OutOfTime';
    this.code = code;
  }

  static ofAttempt(): OutOfTime {
    return new OutOfTime('TASK_TIMED_OUT', "the attempt's deadline has passed");
  }

  static ofFunction(): OutOfTime {
    const message = "the task was not done by the end of the function's timeout";
    return new OutOfTime('LAMBDA_TIMEOUT', message);
  }

  static ofWorker(): OutOfTime {
    return new OutOfTime('WORKER_STOPPED', 'the worker stops: the task is put off');
  }
}

/** Two instants shortly before the function's timeout. */
export interface LambdaEnd {
  /** Tasks are told to stop. */
  readonly signalAt: number;
  /** Tasks that have not stopped are answered for, so that the answers of the others still get out. */
  readonly answerAt: number;
}

/** How a process that is told to end does so: what is in work is told first, and put off if it has not ended a while later. */
export interface Stopping {
  readonly tell: AbortSignal;
  readonly putOff: AbortSignal;
}

/** What is kept of the function's time to send the answers in: two tries of the SQS client and its pause between them. */
const SENDING_MS = 1000;
/** What tasks get between their signal and the end, to stop in good order. */
const STOPPING_MS = 500;
/** The two together take no more than this share of a short timeout. */
const LARGEST_SHARE = 0.2;

/** @param remainingMs milliseconds until the function's timeout */
export function lambdaEndAfter(now: number, remainingMs: number): LambdaEnd {
  const scale = Math.min(1, (remainingMs * LARGEST_SHARE) / (SENDING_MS + STOPPING_MS));
  const answerAt = now + remainingMs - SENDING_MS * scale;
  return { answerAt, signalAt: answerAt - STOPPING_MS * scale };
}

/** A signal for the attempt's deadline, the function's end, or the call to stop: whichever is first. */
export function deadlineSignal(
  attemptDeadlineAt: number,
  { signalAt }: LambdaEnd,
  { clock, stopping }: { readonly clock: Clock; readonly stopping?: Stopping },
): { readonly signal: AbortSignal; readonly deadlineAt: number; readonly release: () => void } {
  const controller = new AbortController();
  const deadlineAt = Math.min(attemptDeadlineAt, signalAt);
  const cancelTimer = clock.after(deadlineAt - clock.now(), () => {
    const isOwn = deadlineAt === attemptDeadlineAt;
    controller.abort(isOwn ? OutOfTime.ofAttempt() : OutOfTime.ofFunction());
  });
  const forgetStop = whenAborted(stopping?.tell, () => controller.abort(OutOfTime.ofWorker()));
  const release = () => {
    cancelTimer();
    forgetStop();
  };
  return { signal: controller.signal, deadlineAt, release };
}

/** Calls once the signal has fired, at once if it has already; the function that comes back calls it off. */
export function whenAborted(signal: AbortSignal | undefined, call: () => void): () => void {
  if (signal?.aborted) call();
  else signal?.addEventListener('abort', call, { once: true });
  return () => signal?.removeEventListener('abort', call);
}

/** Whether the error only says that the signal fired. */
export function isAbort(thrown: unknown): boolean {
  return thrown instanceof OutOfTime || (thrown instanceof Error && thrown.name === 'AbortError');
}
