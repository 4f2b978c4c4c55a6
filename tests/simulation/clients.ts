import type { OrderPlaced } from '../../src/core/event.ts';
import { placeAll } from '../../src/engine/placing.ts';
import { applyWish } from '../../src/engine/wish.ts';
import { Agenda } from './agenda.ts';
import type { Ledger } from './ledger.ts';
import type { Ground, Process } from './processes.ts';
import type { Scenario, ScenarioOrder } from './scenario.ts';
import type { System } from './system.ts';
import { enginePortsOf } from './system.ts';

/** By then, everybody sees what was there when the world began. */
const QUIET_MS = 5000;

/** What the world wants to know of its clients. */
export interface ClientsWorld {
  readonly ground: Ground;
  readonly system: System;
  readonly scenario: Scenario;
  readonly ledger: Ledger;
  /** Whether an order has ended and nothing about it is left among the active ones. */
  readonly isTidy: (orderId: string) => boolean;
  readonly complain: (kind: 'item left behind' | 'conflict', orderId: string, text: string) => void;
}

/** Those who place orders and cancel them: each asks again until there is an answer, unless it gives up. */
export class Clients {
  readonly #world: ClientsWorld;
  readonly #placing = new Map<string, number>();
  readonly cancelled = new Set<string>();
  readonly #agenda: Agenda;

  constructor(world: ClientsWorld) {
    this.#world = world;
    this.#agenda = new Agenda(world.ground);
    const { ground, scenario } = world;
    const { clock, chance } = ground;
    let at = clock.now() + QUIET_MS;
    for (const request of scenario.requests) {
      at += chance.below(400);
      this.#agenda.at(at, () => this.#place(request));
      for (const { orderId } of request) this.#perhapsCancel(orderId, at);
    }
  }

  /** Something is under way, or will be. */
  get isBusy(): boolean {
    return !this.#agenda.isEmpty;
  }

  #perhapsCancel(orderId: string, from: number): void {
    const { chance, weather } = this.#world.ground;
    if (!chance.happens(weather.cancels)) return;
    this.cancelled.add(orderId);
    this.#agenda.at(from + chance.below(chance.pick([3000, 60_000])), () => this.#cancel(orderId));
  }

  #place(request: readonly ScenarioOrder[]): void {
    const { ground, system, scenario, isTidy, complain } = this.#world;
    const { name, version } = scenario.workflow;
    const orderIds = request.map(({ orderId }) => orderId);
    const tidy = new Set(orderIds.filter(isTidy));
    for (const id of orderIds) this.#placing.set(id, (this.#placing.get(id) ?? 0) + 1);
    this.#call('place', orderIds, {
      run: async (process) => {
        const events = request.map(
          ({ orderId, input, attributes, client }): OrderPlaced => ({
            type: 'OrderPlaced',
            at: process.now(),
            ...{ orderId, input, attributes, workflow: { name, version }, fingerprint: orderId },
            ...(client !== undefined && { client }),
          }),
        );
        const placed = await placeAll(events, enginePortsOf(process, system));
        for (const placing of placed) {
          // A client that is told of a failure asks again.
          if (placing.outcome === 'failed') throw placing.error;
          const { outcome, state } = placing;
          if (outcome === 'conflicting') complain('conflict', state.orderId, 'with itself');
          // Of what a troubled request leaves, the sweep takes care.
          const isAlone = this.#placing.get(state.orderId) === 1 && process.troubles === 0;
          if (isAlone && tidy.has(state.orderId) && !isTidy(state.orderId)) {
            const text = 'an order that had ended is active after it was placed again';
            complain('item left behind', state.orderId, text);
          }
        }
      },
      over: () => {
        for (const id of orderIds) this.#placing.set(id, (this.#placing.get(id) ?? 1) - 1);
      },
      again: () => this.#place(request),
      mayRepeat: ground.weather.placesAgain,
    });
  }

  #cancel(orderId: string): void {
    const { system } = this.#world;
    this.#call('cancel', [orderId], {
      run: async (process) => {
        const event = {
          type: 'CancelRequested',
          at: process.now(),
          actId: 'cancel',
          askedAt: 0,
        } as const;
        await applyWish(orderId, event, enginePortsOf(process, system));
      },
      over: () => undefined,
      again: () => this.#cancel(orderId),
      mayRepeat: 0,
    });
  }

  #call(
    what: string,
    orderIds: readonly string[],
    call: {
      readonly run: (process: Process) => Promise<void>;
      readonly over: () => void;
      readonly again: () => void;
      readonly mayRepeat: number;
    },
  ): void {
    const { ground, ledger } = this.#world;
    const { clock, chance, weather } = ground;
    const startedAt = clock.now();
    const about = { name: `${what} ${orderIds[0]}`, begins: `begins (${orderIds.length})` };
    this.#agenda.call(about, call.run, (answered) => {
      call.over();
      const repeats = answered ? chance.happens(call.mayRepeat) : !chance.happens(weather.givesUp);
      const pauseMs = chance.happens(0.5) ? chance.below(2000) : chance.below(300_000);
      const until = clock.now() + (repeats && !answered ? pauseMs : 0);
      for (const orderId of orderIds) ledger.orderHeldUp(orderId, startedAt, until);
      if (repeats) this.#agenda.after(pauseMs, call.again);
    });
  }
}
