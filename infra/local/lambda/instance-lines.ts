import type { FunctionDefinition } from './function-definition.ts';

/** Changes within this time make one line. */
const SETTLE_MS = 150;

/** Says how many instances a function has whenever that number has risen or come back to none. */
export class InstanceLines {
  readonly #said = new Map<string, number>();
  readonly #now = new Map<string, { definition: FunctionDefinition; instances: number }>();
  readonly #say: (definition: FunctionDefinition, text: string) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(say: (definition: FunctionDefinition, text: string) => void) {
    this.#say = say;
  }

  counted(definition: FunctionDefinition, instances: number): void {
    this.#now.set(definition.name, { definition, instances });
    this.#timer ??= setTimeout(() => this.#settle(), SETTLE_MS).unref();
  }

  #settle(): void {
    this.#timer = undefined;
    for (const [name, { definition, instances }] of this.#now) {
      const said = this.#said.get(name) ?? 0;
      if (instances === said) continue;
      this.#said.set(name, instances);
      if (instances === 0) this.#say(definition, 'idle, 0 instances');
      else this.#say(definition, instances === 1 ? '1 instance' : `${instances} instances`);
    }
    this.#now.clear();
  }
}
