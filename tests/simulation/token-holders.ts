import type { TokenRequest } from '../../src/app/http/api-request.ts';
import { callbackRoutes } from '../../src/app/orders/callbacks-api.ts';
import { Problem } from '../../src/contract/problem.ts';
import type { Instant, Json } from '../../src/core/json.ts';
import { Agenda } from './agenda.ts';
import type { AttemptRecord, Ledger } from './ledger.ts';
import { FINISHED_WITHIN_MS } from './operators.ts';
import type { Ground, Process } from './processes.ts';
import type { Chance } from './seed.ts';
import type { System } from './system.ts';
import { enginePortsOf } from './system.ts';

/** A task whose plugin has left it to somebody else. */
export interface Deferral {
  readonly token: string;
  readonly orderId: string;
  readonly what: string;
  /** What the holder of the token says in the end, and after how long. */
  readonly answer: Answer;
  readonly afterMs: number;
  /** How often the holder says meanwhile that the task goes on. */
  readonly beatsEveryMs?: number;
  readonly record: AttemptRecord;
}

export type Answer =
  | { readonly act: 'complete'; readonly body: { readonly result: Json } }
  | {
      readonly act: 'fail';
      readonly body: {
        readonly code: string;
        readonly message: string;
        readonly retry: 'policy' | 'never' | 'later';
        readonly afterSeconds?: number;
      };
    };

type Call = Answer | { readonly act: 'heartbeat'; readonly body: object };

/** What the API says: a problem's code, or what it has taken. */
type Reply = { readonly code: string } | { readonly taken: true; readonly repeated?: true };

/** A completion that the API has taken: it may not get lost. */
export interface Taken {
  readonly orderId: string;
  readonly token: string;
  readonly result: Json;
}

export interface HoldersWorld {
  readonly ground: Ground;
  readonly system: System;
  readonly ledger: Ledger;
  /** Draws of their own, so that a world without deferred tasks plays what it always played. */
  readonly chance: Chance;
  readonly masterSecret: string;
  readonly complain: (kind: 'callback', orderId: string, text: string) => void;
}

/**
 * Those who hold the tokens of deferred tasks: they answer early or late, some twice, some otherwise the second time, and some who have
 * no token try to. The API's processes die under it. Each asks until there is an answer, but for some who give it up.
 */
export class TokenHolders {
  readonly taken: Taken[] = [];
  readonly #world: HoldersWorld;
  readonly #agenda: Agenda;

  constructor(world: HoldersWorld) {
    this.#world = world;
    this.#agenda = new Agenda(world.ground);
  }

  get isBusy(): boolean {
    return !this.#agenda.isEmpty;
  }

  take(deferral: Deferral): void {
    const { chance, ground } = this.#world;
    const { afterMs, beatsEveryMs } = deferral;
    const endsAt = ground.clock.now() + afterMs;
    if (chance.happens(0.2))
      this.#agenda.after(chance.below(afterMs + 1), () => this.#forge(deferral));
    if (beatsEveryMs !== undefined) this.#beat(deferral, endsAt, beatsEveryMs);
    this.#agenda.after(afterMs, () => this.#answer(deferral));
  }

  #beat(deferral: Deferral, endsAt: Instant, everyMs: number): void {
    const { clock } = this.#world.ground;
    if (clock.now() >= endsAt) return;
    deferral.record.beatsAt.push(clock.now());
    this.#ask(deferral, { act: 'heartbeat', body: {} }, () =>
      this.#agenda.after(everyMs, () => this.#beat(deferral, endsAt, everyMs)),
    );
  }

  #answer(deferral: Deferral): void {
    const { chance } = this.#world;
    const { orderId, token, answer } = deferral;
    this.#ask(deferral, answer, (reply) => {
      if (!('taken' in reply)) return;
      if (answer.act === 'complete') {
        const { result } = answer.body;
        this.taken.push({ orderId, token, result });
        if (chance.happens(0.3))
          this.#agenda.after(chance.below(60_000), () => this.#contradict(deferral));
      }
      if (chance.happens(0.3))
        this.#agenda.after(chance.below(60_000), () => this.#repeat(deferral));
    });
  }

  #repeat(deferral: Deferral): void {
    this.#ask(deferral, deferral.answer, (reply) => {
      if ('taken' in reply && reply.repeated) return;
      this.#wrong(deferral, `is repeated, and answered ${JSON.stringify(reply)}`);
    });
  }

  #contradict(deferral: Deferral): void {
    const body = { code: 'REGRETTED', message: 'or not', retry: 'policy' } as const;
    this.#ask(deferral, { act: 'fail', body }, (reply) => {
      if ('code' in reply && reply.code === 'TASK_ANSWERED') return;
      this.#wrong(deferral, `fails after it has completed: ${JSON.stringify(reply)}`);
    });
  }

  #forge(deferral: Deferral): void {
    const token = `${deferral.token.slice(0, -3)}xyz`;
    const body = { result: 'forged' };
    this.#ask({ ...deferral, token }, { act: 'complete', body }, (reply) => {
      if ('code' in reply && reply.code === 'INVALID_TASK_TOKEN') return;
      this.#wrong(deferral, `is answered under a forged token: ${JSON.stringify(reply)}`);
    });
  }

  #wrong({ orderId, what }: Deferral, text: string): void {
    this.#world.complain('callback', orderId, `${what} ${text}`);
  }

  /** Asks until there is an answer, or gives it up; a problem is an answer. */
  #ask(deferral: Deferral, call: Call, then: (reply: Reply) => void): void {
    const { ground, ledger } = this.#world;
    const { clock, chance, weather } = ground;
    const { givesUp } = weather;
    const { orderId, what } = deferral;
    const attempt = () => {
      const startedAt = clock.now();
      let reply: Reply | undefined;
      const about = { name: `callback ${orderId}`, begins: `${call.act} ${what}` };
      const run = async (process: Process) => {
        reply = await this.#replyTo(deferral, call, process);
      };
      this.#agenda.call(about, run, (answered) => {
        const isLeft = !answered && call.act !== 'heartbeat' && chance.happens(givesUp);
        const pauseMs = isLeft ? FINISHED_WITHIN_MS : chance.below(60_000);
        ledger.orderHeldUp(orderId, startedAt, answered ? clock.now() : clock.now() + pauseMs);
        // It may have been taken all the same: what that led to, a sweep finishes.
        if (isLeft) deferral.record.failed += 1;
        else if (answered && reply !== undefined) then(reply);
        else this.#agenda.after(pauseMs, attempt);
      });
    };
    attempt();
  }

  async #replyTo({ token }: Deferral, { act, body }: Call, process: Process): Promise<Reply> {
    const { system, masterSecret: current } = this.#world;
    const masterSecret = { read: async () => ({ current }) };
    const routes = callbackRoutes({ ...enginePortsOf(process, system), masterSecret });
    const route = routes.find(({ path }) => path.endsWith(`/${act}`));
    const request: TokenRequest = {
      ...{ requestId: 'request', params: { token }, query: {}, headers: {} },
      ...{ mediaType: 'application/json', body: Buffer.from(JSON.stringify(body)) },
    };
    try {
      return (await route!.handle(request)).body as Reply;
    } catch (error) {
      if (error instanceof Problem) return { code: error.code };
      throw error;
    }
  }
}
