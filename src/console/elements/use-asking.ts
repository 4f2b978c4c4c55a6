import { useState } from 'preact/hooks';
import { BatonError } from '../../client/errors.ts';
import { lookAgain } from '../reading/use-polled.ts';

/** A request that a person makes by a button: whether it is under way, and why it was refused. */
export interface Asking {
  readonly isBusy: boolean;
  readonly error: unknown;
  /** Asks. Until the answer has come, the form is busy; what was refused before is forgotten. */
  ask(request: () => Promise<void>): Promise<void>;
}

export function useAsking(): Asking {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  return {
    isBusy,
    error,
    ask: async (request) => {
      setBusy(true);
      setError(undefined);
      await request().catch((error: unknown) => {
        setError(error);
        // It may have been done all the same, or is refused since things are otherwise than the page shows.
        if (error instanceof BatonError) lookAgain();
      });
      setBusy(false);
    },
  };
}
