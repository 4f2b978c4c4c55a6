import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { makeOperations } from '../../src/app/operations/operations-api.ts';
import type { Instant } from '../../src/core/json.ts';
import { callApi } from './api-call.ts';
import type { Ground, Process } from './processes.ts';
import type { Chance } from './seed.ts';
import type { System } from './system.ts';
import { operationPortsOf } from './system.ts';

/** All orders: each was accepted later. */
const ALL = { from: '2020-01-01T00:00:00.000Z' };

/** How long an operation is waited for that follows a pause: its queue brings a page again for hours. */
const LOOKS_EVERY_MS = 3_600_000;
const MOST_LOOKS = 48;

export interface BulkWorld {
  readonly ground: Ground;
  readonly system: System;
  /** Draws of their own. */
  readonly chance: Chance;
  /** Whether all operations that were begun have ended. */
  readonly allHaveEnded: () => boolean;
  /** Orders may have been paused that nobody else resumes. */
  readonly onPaused: () => void;
}

type Request = Readonly<Record<string, unknown>> & { readonly action: string };

/** People who act on many orders at once. */
export class BulkOperators {
  readonly #world: BulkWorld;
  #pending = 0;
  #begun = 0;

  constructor(world: BulkWorld) {
    this.#world = world;
    const { chance, ground } = world;
    if (!chance.happens(0.6)) return;
    const count = chance.between(1, 3);
    for (let index = 0; index < count; index += 1) {
      const at = ground.clock.now() + chance.below(chance.pick([20_000, 2_000_000, 7_200_000]));
      this.#soon(at, () => this.#act());
    }
  }

  get isBusy(): boolean {
    return this.#pending > 0;
  }

  #soon(at: Instant, run: () => void): void {
    this.#pending += 1;
    this.#world.ground.clock.at(at, () => {
      this.#pending -= 1;
      run();
    });
  }

  #act(): void {
    const { chance } = this.#world;
    const action = chance.pick(['retry', 'retry', 'pause', 'pause', 'cancel', 'skip']);
    switch (action) {
      case 'retry':
        this.#begin({ action, filter: { status: 'failed' } });
        break;
      case 'pause':
        this.#pause(chance.pick<object>([ALL, { workflow: 'w' }, { plugin: 'P1' }]));
        break;
      case 'cancel': {
        const undo = chance.happens(0.3) ? { undo: false } : {};
        this.#begin({ action, filter: { status: chance.pick(['paused', 'running']) }, ...undo });
        break;
      }
      case 'skip': {
        const result = chance.happens(0.5) ? { result: 'by hand' } : {};
        const task = chance.pick(['P1', 'P2', 'P3']);
        this.#begin({ action, filter: { status: 'failed' }, task, ...result });
        break;
      }
    }
  }

  #pause(filter: object): void {
    const { chance, ground, onPaused } = this.#world;
    const lengthMs = chance.pick([2000, 60_000, 4_000_000]);
    const resume = () =>
      this.#begin({ action: 'resume', filter: { status: 'paused' } }, () =>
        // Pages of the pause may come after the resumption has passed their orders.
        this.#whenEnded(onPaused),
      );
    this.#begin({ action: 'pause', filter }, () =>
      this.#soon(ground.clock.now() + lengthMs, resume),
    );
  }

  #whenEnded(then: () => void, looks = 0): void {
    const { ground, allHaveEnded } = this.#world;
    if (looks === MOST_LOOKS || allHaveEnded()) then();
    else {
      const again = ground.clock.now() + LOOKS_EVERY_MS;
      this.#soon(again, () => this.#whenEnded(then, looks + 1));
    }
  }

  /** Asks until there is an answer. */
  #begin(request: Request, then: () => void = () => undefined): void {
    const { chance, ground } = this.#world;
    this.#begun += 1;
    const key = String(this.#begun);
    const body = { ...request, ratePerSecond: chance.pick([1, 2]) };
    const stopsAfterMs = chance.happens(0.1) ? chance.below(20_000) : undefined;
    this.#call('POST', '/operations', body, key, ({ operationId }) => {
      if (stopsAfterMs !== undefined) {
        const at = ground.clock.now() + stopsAfterMs;
        this.#soon(at, () =>
          this.#call('POST', `/operations/${operationId}/stop`, undefined, key, () => undefined),
        );
      }
      then();
    });
  }

  #call(
    method: string,
    path: string,
    body: object | undefined,
    key: string,
    then: (answer: { readonly operationId: string }) => void,
  ): void {
    const { ground, system } = this.#world;
    const { clock, chance } = ground;
    this.#pending += 1;
    let answer: { readonly operationId: string } | undefined;
    const run = async (process: Process) => {
      const ports = operationPortsOf(process, system);
      const handle = makeOperations({ ...ports, deadLetters: {} as never, clock: process.now });
      const { statusCode = 0, body: text = '' } = (await handle(
        eventOf(method, path, body, key),
        {} as never,
      )) as { statusCode?: number; body?: string };
      if (statusCode >= 400) throw new Error(`${statusCode} ${text}`);
      answer = JSON.parse(text);
    };
    const about = { name: `operations ${key}`, begins: `${method} ${path}` };
    callApi(about, ground, run, (answered) => {
      this.#pending -= 1;
      if (answered && answer !== undefined) then(answer);
      else
        this.#soon(clock.now() + chance.below(60_000), () =>
          this.#call(method, path, body, key, then),
        );
    });
  }
}

function eventOf(
  method: string,
  path: string,
  body: object | undefined,
  key: string,
): APIGatewayProxyEventV2 {
  return {
    ...{ version: '2.0', rawPath: path, rawQueryString: '', isBase64Encoded: false },
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    requestContext: {
      ...{ http: { method, path }, requestId: `operations ${key}` },
      authorizer: { lambda: { kind: 'operator', name: 'crowd' } },
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  } as unknown as APIGatewayProxyEventV2;
}
