import type { Ground } from './processes.ts';
import { Process } from './processes.ts';

/** The timeout of the functions behind the API, in serverless.yml. */
const API_TIMEOUT_MS = 29_000;

/** One call of the API, in a process of its own. `over` hears once whether it was answered: its process may have died, or failed. */
export function callApi(
  { name, begins }: { readonly name: string; readonly begins: string },
  ground: Ground,
  run: (process: Process) => Promise<unknown>,
  over: (answered: boolean) => void,
): void {
  const { clock, trace } = ground;
  const process = new Process(name, ground);
  let isOver = false;
  const end = (answered: boolean) => {
    if (isOver) return;
    isOver = true;
    cancelTimeout();
    over(answered);
  };
  process.whenKilled(() => end(false));
  const cancelTimeout = clock.at(clock.now() + API_TIMEOUT_MS, () => process.kill('out of time'));
  trace.add(clock.now(), process.name, begins);
  run(process).then(
    () => end(true),
    (error: Error) => {
      trace.add(clock.now(), process.name, `is answered 500: ${error.message}`);
      end(false);
    },
  );
}
