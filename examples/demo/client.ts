// The client process of the demo. It knows nothing of Baton but the address of the API, and of the desk where people decide.
import { connect } from '../../src/cli/api.ts';
import { openTerminal } from '../../src/cli/terminal.ts';
import { showApproval } from './approval.ts';
import { showArithmetic } from './arithmetic.ts';
import { showAwaitedEvents } from './awaited-events.ts';
import { showBadInput } from './bad-input.ts';
import { showBatches } from './batches.ts';
import { showBranches } from './branches.ts';
import { checked } from './checked.ts';
import { Checks } from './checks.ts';
import { showChildOrders } from './child-orders.ts';
import { showCsvOrders } from './csv-orders.ts';
import { showDirectCall } from './direct-call.ts';
import { showEnough } from './enough.ts';
import { showEvents } from './events.ts';
import { showFailures } from './failures.ts';
import { showFairShares } from './fair-shares.ts';
import { showForEach } from './for-each.ts';
import { showImageOrder } from './image-order.ts';
import { showInLine } from './in-line.ts';
import { showLargePayloads } from './large-payloads.ts';
import { showRounds } from './rounds.ts';
import { showSessions } from './sessions.ts';
import { setUp } from './setup.ts';
import { showWays } from './ways.ts';

const [url = '', deskUrl] = process.argv.slice(2);
const terminal = openTerminal({ json: false, color: true });
const checks = new Checks(terminal);
const demonstration = { api: connect({ url }), terminal, checks };

process.exitCode = await checked(async () => {
  for (const show of [
    setUp,
    showArithmetic,
    showDirectCall,
    showImageOrder,
    showEvents,
    showCsvOrders,
    showFailures,
    showForEach,
    showBranches,
    showWays,
    showRounds,
    showEnough,
    showChildOrders,
    showAwaitedEvents,
    showInLine,
    showSessions,
    showFairShares,
    showBatches,
    showLargePayloads,
    showBadInput,
  ]) {
    await show(demonstration);
  }
  // A system that runs already asks at a desk of its own.
  if (deskUrl !== undefined) await showApproval(demonstration, deskUrl);
}, demonstration);
