import { isDeepStrictEqual } from 'node:util';
import type { OrderView } from '../../src/cli/responses.ts';
import type { Terminal } from '../../src/cli/terminal.ts';

/** Counts what is as expected, and says at once what is not. */
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

  /** Compares, and prints a line only for a difference. */
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

  /** Whether an order has completed; if not, why. */
  completed(what: string, { orderId, status, error }: OrderView): boolean {
    const why = error === undefined ? '' : ` at ${error.task}: ${error.code}: ${error.message}`;
    return this.equal(`${what}: order ${orderId}`, `${status}${why}`, 'completed');
  }

  /** A line for what was checked, if all of it is as expected. */
  pass(line: string, ...outcomes: readonly boolean[]): void {
    if (outcomes.every(Boolean)) console.log(`  ${this.#terminal.paint('green', '✓')} ${line}`);
  }

  note(line: string): void {
    console.log(`  ${this.#terminal.paint('dim', line)}`);
  }
}
