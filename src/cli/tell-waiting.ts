import type { OrderView } from './responses.ts';
import type { Terminal } from './terminal.ts';

/** An order that is done by then is shown once. */
const SOON_MS = 1000;

/** Tells of an order, as it changes, what it waits for; an order that ends soon says nothing. */
export function tellWaiting(terminal: Pick<Terminal, 'note'>): (order: OrderView) => void {
  const since = performance.now();
  let told: string | undefined;
  return ({ waitingFor }) => {
    const { why } = waitingFor ?? {};
    const what = waitingFor && `${waitingFor.what}${why === undefined ? '' : `; ${why}`}`;
    if (what === undefined || what === told || performance.now() - since < SOON_MS) return;
    told = what;
    terminal.note(`it waits for ${what}`);
  };
}
