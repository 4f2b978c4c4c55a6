import type { Instant } from '../../src/core/json.ts';
import { callApi } from './api-call.ts';
import type { Ground, Process } from './processes.ts';

/** What somebody in the simulated world does now and has yet to do. The world goes on until it is empty. */
export class Agenda {
  readonly #ground: Ground;
  #open = 0;

  constructor(ground: Ground) {
    this.#ground = ground;
  }

  get isEmpty(): boolean {
    return this.#open === 0;
  }

  at(instant: Instant, run: () => unknown): void {
    this.#open += 1;
    this.#ground.clock.at(instant, () => {
      this.#open -= 1;
      void run();
    });
  }

  after(ms: number, run: () => unknown): void {
    this.at(this.#ground.clock.now() + ms, run);
  }

  async during<Result>(work: Promise<Result>): Promise<Result> {
    this.#open += 1;
    try {
      return await work;
    } finally {
      this.#open -= 1;
    }
  }

  /** Calls the API. `over` hears once whether it was answered: its process may have died, or failed. */
  call(
    about: { readonly name: string; readonly begins: string },
    run: (process: Process) => Promise<unknown>,
    over: (answered: boolean) => void,
  ): void {
    this.#open += 1;
    callApi(about, this.#ground, run, (answered) => {
      this.#open -= 1;
      over(answered);
    });
  }
}
