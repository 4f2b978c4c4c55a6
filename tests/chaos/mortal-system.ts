import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Chance } from '../simulation/seed.ts';
import { OrderSystem } from '../stack/order-system.ts';
import { countEnded } from './checks.ts';
import { ask } from './client.ts';
import { killTree } from './process-tree.ts';

/** On a machine that does much else besides. */
const STARTS_WITHIN_MS = 240_000;

/** Between the moment at which the stack is ready and the one at which it is killed. */
const LEAST_MS = 500;

/** How long it lives after it is ready, in milliseconds. */
export function lifeOf(chance: Chance, longestSeconds: number): number {
  return chance.between(LEAST_MS, longestSeconds * 1000);
}

/** A system whose processes are all killed now and then, and which ends with this one. */
export class MortalSystem {
  readonly system: OrderSystem;
  #kills = 0;
  readonly #killAll = () => killTree(this.system.stack.pid);

  constructor(name: string, services: (system: OrderSystem) => void) {
    this.system = new OrderSystem(name);
    services(this.system);
    process.once('exit', this.#killAll);
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => process.exit(1));
  }

  start(): Promise<void> {
    return this.system.start(STARTS_WITHIN_MS);
  }

  /**
   * Kills everything, and starts it again.
   * @param ms after it was ready, or after its first answer if that `answers`: on a busy machine hardly anything happens before
   * @returns what is to be said of it
   */
  async killAfter(ms: number, { answers = false } = {}): Promise<string> {
    if (answers) await ask(this.system, { path: '/orders?limit=1' });
    let ended: number | undefined;
    countEnded(this.system).then(
      (count) => {
        ended = count;
      },
      () => undefined,
    );
    await pause(ms);
    const processes = this.#killAll();
    await this.system.stack.ended;
    this.#kills += 1;
    this.#keepLog();
    const killedAt = performance.now();
    await this.start();
    const back = seconds(performance.now() - killedAt);
    const since = answers ? 'after its first answer' : 'after it was ready';
    return `kill ${this.#kills}: ${seconds(ms)} s ${since}, ${processes} processes; ${ended ?? 'it is not known how many'} orders had ended; ready again in ${back} s`;
  }

  /** Ends it. What it has left stays where it is, if it is evidence. */
  async end({ keep = false } = {}): Promise<void> {
    this.#killAll();
    await this.system.stack.ended;
    process.off('exit', this.#killAll);
    this.#keepLog();
    if (!keep) await this.system.remove();
  }

  #keepLog(): void {
    const file = join(this.system.folder, `life-${this.#kills}.log`);
    writeFileSync(file, this.system.stack.output());
  }
}

export function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
