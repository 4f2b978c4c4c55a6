import type { FunctionDefinition } from './function-definition.ts';
import { FunctionError, FunctionInstance } from './function-instance.ts';

export interface PoolEvents {
  output: (definition: FunctionDefinition, text: string) => void;
  /** The number of instances has changed. */
  counted: (definition: FunctionDefinition, instances: number) => void;
  /** An idle instance ended by itself. */
  crashed: (definition: FunctionDefinition, reason: string) => void;
}

/**
 * The instances of one function, as Lambda keeps them: an invocation takes an idle one, or starts one when all are
 * busy; an instance that has been idle for `idleSeconds` ends.
 *
 * Ours rather than the pool of serverless-offline, because that one ends idle instances up to twice as late, cannot
 * let go of one function or replace its code, leaves a timer behind for each invocation, and dies with its workers.
 */
export class FunctionPool {
  #definition: FunctionDefinition;
  readonly #idleSeconds: number;
  readonly #events: PoolEvents;
  readonly #idle: { instance: FunctionInstance; timer: NodeJS.Timeout }[] = [];
  readonly #all = new Map<FunctionInstance, FunctionDefinition>();
  #busy = 0;

  constructor(definition: FunctionDefinition, idleSeconds: number, events: PoolEvents) {
    this.#definition = definition;
    this.#idleSeconds = idleSeconds;
    this.#events = events;
  }

  get definition(): FunctionDefinition {
    return this.#definition;
  }

  get instances(): number {
    return this.#all.size;
  }

  get busy(): number {
    return this.#busy;
  }

  /** @throws {FunctionError} */
  async invoke(event: unknown): Promise<unknown> {
    const { reservedConcurrency } = this.#definition;
    if (reservedConcurrency !== undefined && this.#busy >= reservedConcurrency)
      throw new FunctionError(
        'TooManyRequestsException',
        `throttled: all ${reservedConcurrency} reserved instances are busy`,
      );
    const instance = this.#takeIdle() ?? this.#start();
    this.#busy += 1;
    try {
      return await instance.invoke(event);
    } finally {
      this.#busy -= 1;
      this.#release(instance);
    }
  }

  /** Code or environment have changed: idle instances end, busy ones after what they are doing. */
  async replace(definition: FunctionDefinition): Promise<void> {
    this.#definition = definition;
    await this.#endIdle();
  }

  /** Ends everything, busy or not. */
  async end(): Promise<void> {
    for (const { timer } of this.#idle.splice(0)) clearTimeout(timer);
    await Promise.all([...this.#all.keys()].map((instance) => instance.end()));
  }

  #takeIdle(): FunctionInstance | undefined {
    const idle = this.#idle.pop();
    clearTimeout(idle?.timer);
    return idle?.instance;
  }

  #start(): FunctionInstance {
    const definition = this.#definition;
    const instance = new FunctionInstance(definition, {
      output: (text) => this.#events.output(definition, text),
      ended: (reason) => {
        this.#all.delete(instance);
        const place = this.#idle.findIndex((idle) => idle.instance === instance);
        if (place >= 0) clearTimeout(this.#idle.splice(place, 1)[0]?.timer);
        if (reason) this.#events.crashed(definition, reason);
        this.#events.counted(definition, this.#all.size);
      },
    });
    this.#all.set(instance, definition);
    this.#events.counted(definition, this.#all.size);
    return instance;
  }

  #release(instance: FunctionInstance): void {
    if (!instance.alive) return;
    if (this.#all.get(instance) !== this.#definition) return void instance.end();
    const timer = setTimeout(() => void instance.end(), this.#idleSeconds * 1000).unref();
    this.#idle.push({ instance, timer });
  }

  async #endIdle(): Promise<void> {
    const idle = this.#idle.splice(0);
    for (const { timer } of idle) clearTimeout(timer);
    await Promise.all(idle.map(({ instance }) => instance.end()));
  }
}
