import { makeSweep } from '../../src/app/orders/sweep-orders.ts';
import { createBoundedPlugins } from '../../src/aws/bounded-plugins.ts';
import { createClientContracts } from '../../src/aws/client-contracts.ts';
import { createDrains } from '../../src/aws/drains.ts';
import { createSchedules } from '../../src/aws/schedules.ts';
import { createSweepRecord } from '../../src/aws/sweep-record.ts';
import type { Instant } from '../../src/core/json.ts';
import { createMemoryObjects } from '../ports/memory/objects.ts';
import type { Ledger } from './ledger.ts';
import type { Ground } from './processes.ts';
import { Process } from './processes.ts';
import type { System } from './system.ts';
import { enginePortsOf } from './system.ts';
import { tableOf } from './table-of-process.ts';

/** What the sweeps are, and when, as the templates say. */
export interface SweepSettings {
  readonly everyMs: number;
  readonly timeoutMs: number;
}

/** Runs the real sweep once a minute. One that dies or fails is not repeated: the next does what it could not. */
export class Sweeper {
  readonly #ground: Ground;
  readonly #system: System;
  readonly #settings: SweepSettings;
  readonly #ledger: Ledger;
  #running = 0;
  #started = 0;

  constructor(ground: Ground, system: System, settings: SweepSettings, ledger: Ledger) {
    this.#ground = ground;
    this.#system = system;
    this.#settings = settings;
    this.#ledger = ledger;
  }

  get isBusy(): boolean {
    return this.#running > 0;
  }

  start(): void {
    const { clock, trace } = this.#ground;
    const { everyMs, timeoutMs } = this.#settings;
    const startedAt: Instant = clock.now();
    this.#started += 1;
    const process = new Process(`sweep.${this.#started}`, this.#ground);
    const sweep = makeSweep({
      ...enginePortsOf(process, this.#system),
      boundedPlugins: createBoundedPlugins(tableOf(process, this.#system.table)),
      clients: createClientContracts(tableOf(process, this.#system.table)),
      drains: createDrains(tableOf(process, this.#system.table)),
      objects: createMemoryObjects(),
      maxInputBytes: 0,
      schedules: createSchedules(tableOf(process, this.#system.table)),
      metrics: { publish: () => undefined },
      sweepRecord: createSweepRecord(tableOf(process, this.#system.table)),
    });
    this.#running += 1;
    let isOver = false;
    const end = (isComplete: boolean) => {
      if (isOver) return;
      isOver = true;
      this.#running -= 1;
      cancelTimeout();
      const tookMs = clock.now() - startedAt;
      if (!isComplete) this.#ledger.sweepFellShort(startedAt, startedAt + everyMs + 5000);
      else if (tookMs > 1000) this.#ledger.sweepFellShort(startedAt, startedAt + tookMs);
    };
    process.whenKilled(() => end(false));
    const cancelTimeout = clock.at(startedAt + timeoutMs, () => process.kill('out of time'));
    sweep(undefined, {} as never).then(
      ({ due, woken, repaired, failed }) => {
        trace.add(
          clock.now(),
          process.name,
          `${due} due, ${woken} woken, ${repaired} repaired, ${failed} failed`,
        );
        end(failed === 0);
      },
      (error: Error) => {
        trace.add(clock.now(), process.name, `failed: ${error.message}`);
        end(false);
      },
    );
  }
}
