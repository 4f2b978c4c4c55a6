import { isDeepStrictEqual } from 'node:util';
import type { OrderView } from '../../src/cli/responses.ts';
import type { Terminal } from '../../src/cli/terminal.ts';

/** Counts the checks, and prints each that fails at once. */
export class Checks {
  readonly #terminal: Terminal;
  #passed = 0;
  #failed = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  get passed(): number {
    return this.#passed;
  }

  get failed(): number {
    return this.#failed;
  }

  title(text: string): void {
    console.log(`\n${this.#terminal.paint('bold', text)}`);
  }

  /** Checks that two values are equal, and prints them if they are not. */
  equal(what: string, actual: unknown, expected: unknown): boolean {
    if (isDeepStrictEqual(actual, expected)) {
      this.#passed += 1;
      return true;
    }
    this.#failed += 1;
    console.log(`  ${this.#terminal.paint('red', '✗')} ${what}`);
    console.log(`      expected ${JSON.stringify(expected)}`);
    console.log(`      got      ${JSON.stringify(actual)}`);
    return false;
  }

  /** Checks that an order has completed, and prints why if it has not. */
  completed(what: string, { orderId, status, error }: OrderView): boolean {
    const why = error === undefined ? '' : ` at ${error.task}: ${error.code}: ${error.message}`;
    return this.equal(`${what}: order ${orderId}`, `${status}${why}`, 'completed');
  }

  /** Prints a line with a tick, if all these checks passed. */
  pass(line: string, ...outcomes: readonly boolean[]): void {
    if (outcomes.every(Boolean)) console.log(`  ${this.#terminal.paint('green', '✓')} ${line}`);
  }

  note(line: string): void {
    console.log(`  ${this.#terminal.paint('dim', line)}`);
  }
}
