/** Prints each step with its findings and its duration, and counts the steps. */
export class Report {
  #passed = 0;
  #failed = 0;
  readonly #failures: string[] = [];

  /** Runs a step and prints the lines that it returns. If it throws, it has failed; the others go on. @returns whether it passed */
  async step(name: string, work: () => Promise<string | readonly string[]>): Promise<boolean> {
    const started = performance.now();
    const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
    console.log(`\n- ${name}`);
    try {
      const found = await work();
      for (const line of [found].flat()) console.log(`    ${line}`);
      console.log(`  ok (${seconds()})`);
      this.#passed += 1;
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      console.log(reason.replaceAll(/^/gm, '    '));
      console.log(`  FAILED (${seconds()})`);
      this.#failed += 1;
      this.#failures.push(name);
      return false;
    }
  }

  /** Counts a step as failed that cannot run, because an earlier one failed. */
  leaveOut(name: string, because: string): void {
    console.log(`\n- ${name}\n  FAILED: not run, because ${because}`);
    this.#failed += 1;
    this.#failures.push(name);
  }

  /** Prints the counts. @returns the exit code */
  close(): number {
    for (const name of this.#failures) console.log(`\nfailed: ${name}`);
    console.log(`\nverify: ${this.#passed} passed, ${this.#failed} failed`);
    return this.#failed === 0 ? 0 : 1;
  }
}
