import { formatMs } from '../../src/cli/durations.ts';
import { CliError } from '../../src/cli/errors.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { Checks } from './checks.ts';

/** Does what a client process has to show, and says how many checks passed. @returns the exit code: 0 only if all did */
export async function checked(
  show: () => Promise<void>,
  { checks, terminal }: { readonly checks: Checks; readonly terminal: Terminal },
): Promise<number> {
  const since = performance.now();
  let passed = false;
  try {
    await show();
    passed = checks.failed === 0;
  } catch (error) {
    console.error(`\ndemo: ${error instanceof CliError ? error.message : (error as Error).stack}`);
  }
  const failed = checks.failed === 0 ? '' : `: ${checks.failed} checks, ${checks.passed} passed`;
  const count = passed
    ? terminal.paint('green', `All ${checks.passed} checks passed`)
    : terminal.paint('red', `The demo failed${failed}`);
  console.log(`\n${count} after ${formatMs(performance.now() - since)}.`);
  return passed ? 0 : 1;
}
