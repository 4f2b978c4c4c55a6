import type { Instant } from '../../src/core/json.ts';
import { receiveEvent } from '../../src/engine/tending-events.ts';
import { callApi } from './api-call.ts';
import type { Ledger } from './ledger.ts';
import type { Ground, Process } from './processes.ts';
import type { ScenarioEvent } from './scenario.ts';
import type { Chance } from './seed.ts';
import type { System } from './system.ts';
import { enginePortsOf } from './system.ts';

/** An event as the API has taken it, as far as its sender knows. */
export interface SentEvent extends ScenarioEvent {
  /** When it came, as the API has kept it. */
  readonly receivedAt: Instant;
  /** When its sender heard so: from then on it may not get lost. */
  readonly answeredAt: Instant;
}

export interface SendersWorld {
  readonly ground: Ground;
  readonly system: System;
  readonly ledger: Ledger;
  /** Draws of their own, so that a world without events plays what it always played. */
  readonly chance: Chance;
  readonly orderIds: readonly string[];
}

/** Those who send events: each asks again until there is an answer, unless it gives up; some send the same event twice. */
export class EventSenders {
  readonly sent: SentEvent[] = [];
  readonly #world: SendersWorld;
  #pending = 0;

  constructor(world: SendersWorld, events: readonly ScenarioEvent[]) {
    this.#world = world;
    for (const event of events) this.#soon(event.afterMs, () => this.#send(event));
  }

  get isBusy(): boolean {
    return this.#pending > 0;
  }

  #soon(afterMs: number, run: () => void): void {
    const { clock } = this.#world.ground;
    this.#pending += 1;
    clock.at(clock.now() + afterMs, () => {
      this.#pending -= 1;
      run();
    });
  }

  #send(event: ScenarioEvent): void {
    const { ground, system, ledger, chance, orderIds } = this.#world;
    const { clock, weather } = ground;
    const { afterMs: _, ...said } = event;
    const startedAt = clock.now();
    this.#pending += 1;
    let receivedAt: Instant = startedAt;
    const about = { name: `event ${event.eventId}`, begins: JSON.stringify(said) };
    const run = async (process: Process) => {
      const received = { ...said, receivedAt: process.now() };
      const { kept } = await receiveEvent(received, enginePortsOf(process, system));
      receivedAt = kept.receivedAt;
    };
    callApi(about, ground, run, (answered) => {
      this.#pending -= 1;
      const now = clock.now();
      if (answered) this.sent.push({ ...event, receivedAt, answeredAt: now });
      const repeats = answered ? chance.happens(0.15) : !chance.happens(weather.givesUp);
      const pauseMs = chance.happens(0.5) ? chance.below(2000) : chance.below(300_000);
      const until = now + (repeats && !answered ? pauseMs : 0);
      for (const orderId of orderIds) ledger.orderHeldUp(orderId, startedAt, until);
      if (repeats) this.#soon(pauseMs, () => this.#send(event));
    });
  }
}
