// The client process of the demo. It knows nothing of Baton but the address of the API.
import { connect } from '../../src/cli/api.ts';
import { formatMs } from '../../src/cli/durations.ts';
import { CliError } from '../../src/cli/errors.ts';
import { openTerminal } from '../../src/cli/terminal.ts';
import { showArithmetic } from './arithmetic.ts';
import { showBadInput } from './bad-input.ts';
import { Checks } from './checks.ts';
import { showCsvOrders } from './csv-orders.ts';
import { showEvents } from './events.ts';
import { showFailures } from './failures.ts';
import { showImageOrder } from './image-order.ts';
import { showLargePayloads } from './large-payloads.ts';
import { setUp } from './setup.ts';

const [url = ''] = process.argv.slice(2);
const since = performance.now();
const terminal = openTerminal({ json: false, color: true });
const checks = new Checks(terminal);
const demonstration = { api: connect({ url }), terminal, checks };

let passed = false;
try {
  for (const show of [
    setUp,
    showArithmetic,
    showImageOrder,
    showEvents,
    showCsvOrders,
    showFailures,
    showLargePayloads,
    showBadInput,
  ]) {
    await show(demonstration);
  }
  passed = checks.failed === 0;
} catch (error) {
  console.error(`\ndemo: ${error instanceof CliError ? error.message : (error as Error).stack}`);
}
const failed = checks.failed === 0 ? '' : `: ${checks.failed} checks, ${checks.passed} passed`;
const count = passed
  ? terminal.paint('green', `All ${checks.passed} checks passed`)
  : terminal.paint('red', `The demo failed${failed}`);
console.log(`\n${count} after ${formatMs(performance.now() - since)}.`);
process.exitCode = passed ? 0 : 1;
