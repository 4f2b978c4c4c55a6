import type { Instant } from '../../src/core/json.ts';
import type { Chance } from './seed.ts';
import type { Trace } from './trace.ts';
import type { VirtualClock } from './virtual-clock.ts';
import type { Weather } from './weather.ts';

/** What a call asks for, for the trace and for the outages: the service and the action. */
export interface Called {
  readonly service: 'table' | 'sqs' | 'sns' | 's3' | 'cloudwatch';
  readonly what: string;
}

/** What all processes of a world stand on. */
export interface Ground {
  readonly clock: VirtualClock;
  readonly chance: Chance;
  readonly weather: Weather;
  readonly trace: Trace;
  /** How many places at which a process may die have gone by, and whose they were, by the name of the function. */
  readonly places: { passed: number; readonly of: Set<string> };
  /** Whether the service is out of order now. */
  readonly isOut: (service: Called['service']) => boolean;
}

/** The error of a call that AWS refused for a passing reason. */
export class PassingError extends Error {
  constructor(called: Called, reason: string) {
    super(`${called.service} ${called.what}: ${reason}`);
    this.name = 'PassingError';
  }
}

/** One running Lambda instance. When it is killed, none of its promises and timers ever goes on, and it never knows. */
export class Process {
  readonly name: string;
  /** How many of its calls did not simply succeed. */
  troubles = 0;
  readonly ground: Ground;
  readonly #skewMs: number;
  readonly #timers = new Set<() => void>();
  readonly #mourners = new Set<(cause: string) => void>();
  /** What was due while nobody invoked the process. */
  readonly #overslept: (() => void)[] = [];
  #state: 'alive' | 'asleep' | 'frozen' | 'dead' = 'alive';

  constructor(name: string, ground: Ground) {
    this.name = name;
    this.ground = ground;
    const { skewMs } = ground.weather;
    this.#skewMs = skewMs === 0 ? 0 : ground.chance.between(-skewMs / 2, skewMs / 2);
  }

  get isAlive(): boolean {
    return this.#state !== 'dead';
  }

  /** The process's own clock. */
  /** As a clock of the system tells it: in whole milliseconds. */
  readonly now = (): Instant => Math.floor(this.ground.clock.now() + this.#skewMs);

  /** A timer of the process: it dies with it. */
  readonly after = (ms: number, call: () => void): (() => void) => {
    const { clock } = this.ground;
    const off = clock.at(clock.now() + Math.max(0, ms), () => {
      this.#timers.delete(off);
      this.#go(call);
    });
    this.#timers.add(off);
    return () => {
      this.#timers.delete(off);
      off();
    };
  };

  readonly pause = (ms: number): Promise<void> => new Promise((resolve) => this.after(ms, resolve));

  /** Calls back when the process is killed; the function that comes back calls that off. */
  whenKilled(call: (cause: string) => void): () => void {
    this.#mourners.add(call);
    return () => this.#mourners.delete(call);
  }

  kill(cause: string): void {
    if (this.#state === 'dead') return;
    this.#state = 'dead';
    const { clock, trace } = this.ground;
    trace.add(clock.now(), this.name, `† ${cause}`);
    for (const off of this.#timers) off();
    for (const mourn of this.#mourners) mourn(cause);
  }

  /**
   * Between invocations Lambda lets a process do nothing: what an earlier one has left behind, its timers and the answers to its
   * calls, goes on in the next, and may end it then.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
   */
  sleep(): void {
    if (this.#state === 'alive') this.#state = 'asleep';
  }

  wake(): void {
    if (this.#state !== 'asleep') return;
    this.#state = 'alive';
    for (const call of this.#overslept.splice(0)) this.after(0, call);
  }

  /** Goes on, now or when the process is awake again, unless it never is. */
  #go(call: () => void): void {
    if (this.#state === 'alive') call();
    else if (this.#state === 'asleep') this.#overslept.push(call);
  }

  /** Its event loop stands still: nothing goes on, until the function's timeout ends the process. */
  freeze(): void {
    if (this.#state === 'alive') this.#state = 'frozen';
  }

  /**
   * A call over the network. It may be refused, be answered with an error although it took effect, or take effect twice; before
   * and after it the process may die, and others may overtake it. A request that is under way reaches AWS even if its process dies.
   */
  call<T>(called: Called, effect: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const { clock, chance, weather, trace, isOut } = this.ground;
      if (this.#state !== 'alive') return;
      if (this.#diesNow(called, 'before')) return;
      const latency = () =>
        chance.happens(weather.slow) ? chance.between(500, 8000) : chance.between(1, 12);
      const refused = isOut(called.service) || chance.happens(weather.throttles);
      const lost = !refused && chance.happens(weather.answersLost);
      const twice = !refused && chance.happens(weather.repeats);
      if (refused || lost || twice) this.troubles += 1;
      let answer: () => void;
      clock.quietlyAt(clock.now() + latency(), () => {
        if (refused) {
          trace.add(clock.now(), this.name, `${called.what} ✗ throttled`);
          answer = () => reject(new PassingError(called, 'throttled'));
        } else {
          answer = this.#take(called, effect, resolve, reject, { twice, lost });
        }
        clock.at(clock.now() + latency(), () =>
          this.#go(() => {
            if (!this.#diesNow(called, 'after')) answer();
          }),
        );
      });
    });
  }

  #take<T>(
    called: Called,
    effect: () => T,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
    { twice, lost }: { twice: boolean; lost: boolean },
  ): () => void {
    const { clock, trace } = this.ground;
    try {
      if (twice) effect();
      const value = effect();
      const how = lost ? ' ✗ answer lost' : twice ? ' ×2' : '';
      trace.add(clock.now(), this.name, `${called.what}${how}`);
      if (lost) return () => reject(new PassingError(called, 'the answer was lost'));
      return () => resolve(value);
    } catch (error) {
      trace.add(clock.now(), this.name, `${called.what} ✗ ${(error as Error).message}`);
      return () => reject(error);
    }
  }

  #diesNow(called: Called, when: 'before' | 'after'): boolean {
    const { chance, weather, places } = this.ground;
    places.passed += 1;
    places.of.add(this.name.replace(/[ .-].*/, ''));
    if (places.passed !== weather.diesAt && !chance.happens(weather.dies)) return false;
    this.kill(`killed ${when} ${called.what}`);
    return true;
  }
}
