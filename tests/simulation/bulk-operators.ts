import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { makeOperations } from '../../src/app/operations/operations-api.ts';
import { Agenda } from './agenda.ts';
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
  readonly #agenda: Agenda;
  #begun = 0;

  constructor(world: BulkWorld) {
    this.#world = world;
    this.#agenda = new Agenda(world.ground);
    const { chance } = world;
    if (!chance.happens(0.6)) return;
    const count = chance.between(1, 3);
    for (let index = 0; index < count; index += 1) {
      const afterMs = chance.below(chance.pick([20_000, 2_000_000, 7_200_000]));
      this.#agenda.after(afterMs, () => this.#act());
    }
  }

  get isBusy(): boolean {
    return !this.#agenda.isEmpty;
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
    const { chance, onPaused } = this.#world;
    const lengthMs = chance.pick([2000, 60_000, 4_000_000]);
    const resume = () =>
      this.#begin({ action: 'resume', filter: { status: 'paused' } }, () =>
        // Pages of the pause may come after the resumption has passed their orders.
        this.#whenEnded(onPaused),
      );
    this.#begin({ action: 'pause', filter }, () => this.#agenda.after(lengthMs, resume));
  }

  #whenEnded(then: () => void, looks = 0): void {
    const { allHaveEnded } = this.#world;
    if (looks === MOST_LOOKS || allHaveEnded()) then();
    else this.#agenda.after(LOOKS_EVERY_MS, () => this.#whenEnded(then, looks + 1));
  }

  /** Asks until there is an answer. */
  #begin(request: Request, then: () => void = () => undefined): void {
    const { chance } = this.#world;
    this.#begun += 1;
    const key = String(this.#begun);
    const body = { ...request, ratePerSecond: chance.pick([1, 2]) };
    const stopsAfterMs = chance.happens(0.1) ? chance.below(20_000) : undefined;
    this.#call('POST', '/operations', body, key, ({ operationId }) => {
      if (stopsAfterMs !== undefined) {
        this.#agenda.after(stopsAfterMs, () =>
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
    const { chance } = ground;
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
    this.#agenda.call(about, run, (answered) => {
      if (answered && answer !== undefined) then(answer);
      else
        this.#agenda.after(chance.below(60_000), () => this.#call(method, path, body, key, then));
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
