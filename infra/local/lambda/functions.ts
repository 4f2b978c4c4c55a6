import { oneLine } from '../local-error.ts';
import type { FunctionDefinition } from './function-definition.ts';
import { FunctionError } from './function-instance.ts';
import { FunctionPool, type PoolEvents } from './function-pool.ts';
import { unansweredTasks } from './unanswered-tasks.ts';

/** All functions of all services, by name or ARN. */
export class Functions {
  readonly #pools = new Map<string, FunctionPool>();
  readonly #saidUnanswered = new WeakSet<FunctionDefinition>();
  readonly #idleSeconds: number;
  readonly #events: PoolEvents & {
    failed: (definition: FunctionDefinition, reason: string) => void;
  };

  constructor(
    idleSeconds: number,
    events: PoolEvents & { failed: (definition: FunctionDefinition, reason: string) => void },
  ) {
    this.#idleSeconds = idleSeconds;
    this.#events = events;
  }

  /** Adds a function, or replaces the one of that name. */
  async deploy(definition: FunctionDefinition): Promise<void> {
    const pool = this.#pools.get(definition.name);
    if (pool) await pool.replace(definition);
    else
      this.#pools.set(
        definition.name,
        new FunctionPool(definition, this.#idleSeconds, this.#events),
      );
  }

  /** @throws {FunctionError} */
  async invoke(nameOrArn: string, event: unknown): Promise<unknown> {
    const pool = this.#pools.get(functionName(nameOrArn));
    if (!pool)
      throw new FunctionError('ResourceNotFoundException', `there is no function ${nameOrArn}`);
    const { definition } = pool;
    try {
      const response = await pool.invoke(event);
      this.#sayUnanswered(definition, unansweredTasks(definition, event, response));
      return response;
    } catch (error) {
      this.#events.failed(pool.definition, oneLine(error).replace(/^FunctionError: /, ''));
      throw error;
    }
  }

  /** Once of each deployment of a function: it would be said of every task. */
  #sayUnanswered(definition: FunctionDefinition, reason: string | undefined): void {
    if (reason === undefined || this.#saidUnanswered.has(definition)) return;
    this.#saidUnanswered.add(definition);
    this.#events.failed(definition, reason);
  }

  has(nameOrArn: string): boolean {
    return this.#pools.has(functionName(nameOrArn));
  }

  /** What the terminal calls it. */
  label(nameOrArn: string): string {
    const name = functionName(nameOrArn);
    return this.#pools.get(name)?.definition.label ?? name;
  }

  ofService(service: string): FunctionDefinition[] {
    return [...this.#pools.values()]
      .map((pool) => pool.definition)
      .filter((definition) => definition.service === service);
  }

  async remove(name: string): Promise<void> {
    const pool = this.#pools.get(name);
    this.#pools.delete(name);
    await pool?.end();
  }

  list(): {
    functionName: string;
    functionArn: string;
    service: string;
    key: string;
    instances: number;
    busy: number;
  }[] {
    return [...this.#pools.values()].map(({ definition, instances, busy }) => ({
      functionName: definition.name,
      functionArn: definition.arn,
      service: definition.service,
      key: definition.key,
      instances,
      busy,
    }));
  }

  async end(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.end()));
  }
}

/** The name in `arn:aws:lambda:REGION:ACCOUNT:function:NAME[:ALIAS]`, or the name itself. */
export function functionName(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? String(nameOrArn.split(':')[6]) : nameOrArn;
}
