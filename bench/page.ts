import { INVOCATION } from './dollars.ts';
import type { Fairness } from './fairness.ts';
import { goalsOf } from './goals.ts';
import { PRICES } from './prices.ts';
import type { Conditions, Results } from './results.ts';
import {
  bundlesTable,
  costTable,
  fairnessTable,
  goalsTable,
  growthTable,
  latencyTable,
  longListTable,
  rivalsTable,
  throughputTable,
  treeTable,
  waitingTable,
  windowsTable,
  wishesTable,
} from './tables.ts';
import { MEGABYTES, waitingFor } from './waiting.ts';
import type { WindowsMeasured } from './windows.ts';
import type { Wishes } from './wishes.ts';

/** `docs/performance.md`. */
export function page(results: Results): string {
  const { cost, latency, throughput, bundles, growth, wishes, tree, list, fairness, windows } =
    results;
  const parts = [
    ...['# Performance: what Baton costs, and how fast it is', INTRODUCTION],
    ...['## Goals', GOALS, goalsTable(goalsOf(results))],
  ];
  if (cost) {
    parts.push(
      '## Cost',
      COUNTED,
      costTable(cost),
      said(cost),
      '### An order that its call waits for',
      DIRECT,
      waitingTable([0.3, 1, 5, 20].map(waitingFor)),
      ...(windows
        ? ['### Time for money', waitedFor(windows), windowsTable(windows), said(windows)]
        : []),
      '### Beside others',
      BESIDE,
      rivalsTable(cost),
      '![Dollars per 1M tasks, under load](charts/cost.svg)',
    );
  }
  if (latency) parts.push('## Latency', ALTERNATING, latencyTable(latency), said(latency));
  if (throughput)
    parts.push('## Throughput', AT_ONCE, throughputTable(throughput), said(throughput));
  if (bundles) parts.push('## Bundles', MINIFIED, bundlesTable(bundles.rows), said(bundles));
  if (growth) parts.push('## Growth', WAITING, growthTable(growth.rows), said(growth));
  if (wishes) {
    parts.push(
      '## Wishes while the queues are full',
      asked(wishes),
      wishesTable(wishes),
      said(wishes),
    );
  }
  if (tree) parts.push('## A tree of child orders', GROWN, treeTable(tree), said(tree));
  if (list) parts.push('## A list of 10,000 elements', CUT, longListTable(list), said(list));
  if (fairness) {
    parts.push(
      '## Two clients at one plugin',
      shared(fairness),
      fairnessTable(fairness),
      said(fairness),
    );
  }
  parts.push('## Tried, and not kept', TRIED);
  return `${parts.join('\n\n')}\n`;
}

const INTRODUCTION = `\`npm run bench\` measures this page and draws it from [performance.json](performance.json); edit neither by hand. \`--only cost\` measures one part, \`--quick\` takes few orders and few cases (seven minutes for the cost, two and a half for latency and throughput, on a machine with a load of 10 to 35), \`--param lifecycle=none\` sets a parameter of the core, \`--no-write\` leaves the page alone.

Nothing here has run on AWS. The functions are the real ones, in the local stack; SQS, SNS and DynamoDB are the embedded ones.`;

const GOALS =
  `Goals were set when a task cost $1.05 and an order $3.70 under load, with no more orders at once than here. How full batches are depends on the machine and on what else it does: compare figures of one run. Of eight in parallel and of five with 8 KB there are two rows: with new results, which have to be stored, and with results that are what the plugin was given, as those must have been by whose counts the goals were set: eight new results of 1 KB cannot be had for the 1.13 write units a task of that table. *Without facts* is \`--param lifecycle=none\`, for those who subscribe to nothing.

**Under load, ten orders come in a request.** They stand together among the active orders, and those that end in one batch leave in one write, so that this costs each of them less than half a write unit instead of two ([src/aws/active-groups.ts](../src/aws/active-groups.ts)). For orders that come in a request each, there is a row of its own.

Where the goal for tasks in a row is missed, a task still costs a write unit ($0.63) and four to six requests to SQS a batch. A result of 8 KB packs to 4.3 KB, which are five write units, wherever it goes. Five tasks of an order that is alone need 33 requests to SQS, $2.64 per 1M tasks; none can go while a task is one message and every answer goes to the orchestrator's queue.

**How low this design can go.** With every batch full, a task in a row is a write unit ($0.625), four tenths of a request to SQS ($0.17: ten tasks are sent, received and deleted together, and their answers are one message, of which the orchestrator takes ten at once) and a tenth of an invocation ($0.03): $0.82. It reads nothing, since its message carries where the order stands. Eight new results of 1 KB in parallel pack to 4.6 KB, which are five units at least, even if all came in one entry: about $1.00. So the goals for a task ($0.80) and for eight new results ($0.85) are below what one entry an answer and one message a task can reach; they are kept, since they say what another design would have to beat.

**What would be cheaper still**, and what it would give up:

- *No place among the active orders for an order's first minute.* For an order that comes alone it takes two of five write units to put it there and to take it away, $1.25 per 1M orders: $0.25 less a task of five, $0.16 of eight. The sweep would go through the list of all orders, whose index has each of them already, and give a place to those that are active still after a minute. Given up: \`GET /status\` would no longer count young orders exactly, a sweep would cost by what was accepted and not by what is due, and what finds an order whose messages are lost would be an index that may be behind.
- *Results in the bucket, those of a batch together.* An object for ten results costs $0.50 per 1M tasks, and each task that reads one $0.40, where five write units cost $3.13. Given up: every plugin needs the bucket, and each task waits for one more call; the orders of a batch share an object, which goes only when none needs it.
- *An entry for two answers.* A task's message could carry the entry that is not stored yet: half the writes of a row. Given up: the journal would no longer say where an order stands, and whoever pauses or cancels it would decide on what is out of date.
`.trimEnd();

const CUT =
  'One order whose step has `forEach`, with a task of one plugin for each element. The list is done in slices of fifty, each by a child order; the time is from the request to the end of the order.';

const TRIED = `- **Deciding on what an instance remembers, whatever the event.** A refused write costs a unit, five times what a read costs. So what is remembered, or came with the message, is used only for the answer that the order waits for and nothing else; the rest is read. In a parallel stage that is every answer: eight in parallel lose 0.6 entries an order to races as it is.
- **A batching window by default**: under load it saves nothing ($1.53 instead of $1.37 for eight in parallel, $1.64 and $1.63 for five in a row, on a busy machine), since full batches do not wait; and an order that is alone takes a second longer with each task. So it is a parameter.
- **Batches of a hundred** with a window of a second, of the orchestrator and all plugins: a task's share was $0.82 instead of $0.86 with ten, eight in parallel $0.95 instead of $1.48, and an order of five tasks took 10.8 s instead of 4.3 at ten orders a second. Ten answers with payloads of 1 KB fill a request of 64 KB as it is, so that fewer messages are no fewer requests.
- **Signing calls by hand**: 97 µs of processor time to sign and send a call, instead of 133 with the SDK's signer and connections, eight calls at once; with \`aws4\`, 140. Fifty lines of cryptography are not worth that. The SDK's whole client took more than twice as long.
- **\`aws4fetch\`** in place of the SDK's parts: its first call takes 60 to 80 ms, in which Node loads \`fetch\`.
- **Fewer instances, and other settings of V8, on one machine.** One, two, three or five batches of a queue at once, V8 with one thread for its garbage or a larger young generation, without its middle compiler, or with its quick one for everything: no more difference than between two runs of the same (70 to 84 orders/s for the first 600 orders, 84 to 115 later). If active orders were not kept at all, 79 instead of 72. The profile is flat: of the orchestrator's time, all that calls AWS took a third, packing and sealing a quarter, before each entry was packed once.
- **Remembering fewer entries** in each orchestrator, of 64 KB instead of 4 MB: less garbage, 140 to 144 orders/s instead of 132 to 136; but what no message carries would be read more often.
- **More shards for active orders**: sixteen in place of eight would double what the sweep reads while there is nothing to do.
- **A smaller bundle of \`orchestrate\`** than 209 KB: to load it takes no more processor time than to load the modules of Node's that it needs (104 and 110 ms on a busy machine, with 417 KB it took 171).`;

const COUNTED = `What AWS would bill is counted by a proxy that stands between the functions and the embedded services and reads what goes over the wire; Baton is asked nothing. Columns are per task.

- **SQS, SNS**: requests; each further 64 KB of a request is another one. Sends, receives that bring something, deletions.
- **writes**: DynamoDB's write units, worked out from the bytes of the items before and after, with those of the index. **reads**: what the emulator says that it has read.
- **invocations**: receives that bring something. Each is taken to run for ${INVOCATION.ms} ms with ${INVOCATION.megabytes} MB, since the emulator's time says nothing of Lambda's.
- Prices are list prices of ${PRICES.region} as of ${PRICES.asOf} ([bench/prices.ts](../bench/prices.ts)): no free tier, no discount.
- A payload is a text of hexadecimal digits, which packs to half; each plugin answers with a new one unless said otherwise.

**Left out**: API Gateway ($${PRICES.perMillion.httpApiCalls.toFixed(2)} per 1M calls) and the time of \`ingest\`; storage, logs and alarms; polls that bring nothing; \`sweep\` and \`observe\`, which run once a minute whatever there is to do; the plugins' own work beyond the ${INVOCATION.ms} ms. Under load, batches on AWS may be less full than here, where one poller serves each queue.`;

const DIRECT = `\`POST /orders?wait=20s\` [answers with the order](api.md#wait-for-the-order) if it has ended by then. Meanwhile two functions wait, \`ingest\` with ${MEGABYTES.ingest} MB and \`answer\` with ${MEGABYTES.answer}, and the order is looked at. This is what that costs besides the order itself, worked out from the same prices; nothing of it is measured. Who can ask again later, or subscribes to the [facts](choreography.md), pays none of it.`;

const BESIDE =
  'The others are worked out from their list prices, not measured; their assumptions stand in [bench/rivals.ts](../bench/rivals.ts). A bare chain is functions that send to the queue of the next: it keeps no state, joins no parallel tasks, and nobody can ask it how an order is doing. Express is taken with logs, since without them nobody knows what became of an order; it is over after five minutes, and may run an order twice.';

const ALTERNATING =
  'Orders of ten tasks in a row, one at a time, alternate with messages that are passed from one queue to a second by a process with two long polls. What a task adds to two hops is a decision, a write, a plugin and its answer. The ratio says more than the milliseconds do, which are those of the machine. Node compiles what runs often while it runs, and each instance of a function does so by itself: a stack that has just started is slower than one that has done some orders. Of a warm one, the middle of three bouts counts: from one to the next the ratio changes by up to a tenth, and more with what else the machine does: nine runs of an hour and a half gave 1.26 to 1.43 once warm.';

const AT_ONCE =
  'Everything runs on one machine: client, functions, and SQS, SNS and DynamoDB. On AWS, queues and functions scale on their own; the figures compare versions of Baton with each other. As with latency, there is the stack that has just started, and the one that has done some orders.';

const MINIFIED =
  "Bundled and minified as in the services' own `serverless.yml`. `npm run package` refuses bundles over their limits ([infra/package-all.ts](../infra/package-all.ts)).";

const WAITING =
  'Orders that wait for a day stand in the table while others run. `sweep` and `observe` run once a minute, whatever there is to do; *both, a month* is their reads and writes, without their invocations. `GET /status` is the median of fifteen calls. What an order costs once, when it begins to wait, is not in it.';

const GROWN =
  'One order has child orders for each element of a list (`forEach`), and each of these has its own, which are a task of one plugin each. The time is from the request to the end of the first order, which ends last. Each order is placed, decided on and ended as any other; what a child adds is two messages and a few reads, and an entry in the journal of its parent, unless answers of several children come together.';

function waitedFor({ tasks, lastsSeconds }: WindowsMeasured): string {
  return `Under load, batches are full, and what SQS and Lambda bill is shared by ten. Where orders come one by one, each message is sent, received, deleted and answered by itself, unless it waits for others. These are orders of ${tasks} tasks in a row that come one by one for ${lastsSeconds} seconds, so many a second: dollars per 1M tasks, and the median time of an order. A batch waits for a second, [the orchestrator's](deploy.md) (\`--param orchestrate-batching-window=1\`) or also [those of its plugins](write-a-plugin.md#what-tasks-of-a-batch-share) (\`batchingWindowSeconds: 1\`), unless it is full before. On AWS several pollers serve a queue, each of which fills a batch of its own: the same effect takes more orders a second. Where few messages come, Lambda [may wait for up to 20 s](https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html) with any window; the local stack does not.`;
}

function asked({ orders, times, waitingAtFirst, waitingAtLast, rows }: Wishes): string {
  const again = rows.reduce((sum, { full }) => sum + full.askedAgain, 0);
  const [first, last] = [waitingAtFirst, waitingAtLast].map((one) => one.toLocaleString('en'));
  return `What a person asks of an order is applied by the API's own function, and an operation is accepted by one: nothing of it waits behind the load. ${orders.toLocaleString('en')} orders of one task were placed while the orchestrator stood still, so that all of them waited in its queue; then it began, and ${times} wishes of each kind came one after another, while it and the plugins worked: ${first} messages waited at the first wish, ${last} after the last one. When the queues were empty, the same was asked again, beside the same orders. An operation counts up to 1,000 of the orders that match before it is accepted. Here the wishes share two processors with everything that works the backlog off, SQS and DynamoDB included; deployed, they do not. ${again} of the ${rows.length * times} were answered \`503\` at first, and asked again.`;
}

function shared({ many, tasksPerClient, instances, workMs, rows }: Fairness): string {
  const few = rows[0]?.orders ?? 0;
  return `One client places ${many.toLocaleString('en')} orders in one go; another places ${few}, one every two seconds, beginning five seconds later. Each order is one task of ${workMs} ms at a plugin of ${instances} instances with one task each. With \`tasksPerClient: ${tasksPerClient}\` the plugin [takes as many of one client at once](write-a-plugin.md#so-many-of-one-client), and leaves ${instances - tasksPerClient} instances to others. The times are from accepted to completed. What the first client's own orders lose by it is the last column. SQS's fair queues are not imitated here: on AWS they let the tasks of the second client go first, also without the bound, if not before so many are at work. Here, orders that wait for the orchestrator, of whoever they are, wait for each other; on AWS its queue is fair, too.`;
}

function said({ measuredOn, commit, machine, node, quick, loadAverage }: Conditions): string {
  return `Measured on ${measuredOn} at \`${commit}\`${quick ? ' with `--quick`' : ''}: ${machine}; Node ${node}; load average ${loadAverage} at the end, this bench included.`;
}
