// The client process of the demo: it knows the addresses of the API, of the machine's own count of instances, and of the webhook.
import { connect, json } from '../../src/cli/api.ts';
import { formatMs } from '../../src/cli/durations.ts';
import { CliError } from '../../src/cli/errors.ts';
import { openTerminal } from '../../src/cli/terminal.ts';
import { Checks } from '../demo/checks.ts';
import { showRest } from './rest.ts';
import { ORDERS, playRound, type Round } from './round.ts';
import { lookUntil, observeMachine, type Workshop } from './workshop.ts';

/** As service/serverless.yml has it. */
const CONCURRENCY = { base: 2, ceiling: 16 };
/** What the system must gain at least; the rest is luck of the machine. */
const LEAST_RATIO = 1.5;

const [url = '', controlUrl = '', webhookUrl = ''] = process.argv.slice(2);
const since = performance.now();
const terminal = openTerminal({ json: false, color: true });
const checks = new Checks(terminal);
const api = connect({ url });
const workshop: Workshop = { api, terminal, checks, ...observeMachine(controlUrl, webhookUrl) };

let passed = false;
try {
  await putWorkflow('engraving', 'engrave');
  await putWorkflow('engraving-alone', 'engrave-alone');

  checks.title(`${ORDERS} orders, scaling off: engrave-alone has 2 instances and no more`);
  const alone = await playRound(workshop, {
    workflow: 'engraving-alone',
    plugin: 'engrave-alone',
    functionKey: 'engraveAlone',
    lineMs: 6000,
  });
  await checkNamed('engrave-alone', alone);
  checks.pass(
    `it stayed at 2: ${sayRound(alone)}`,
    checks.equal('instances', alone.mostInstances, 2),
    checks.equal('maximum concurrency', alone.mostConcurrency, 2),
  );

  checks.title(
    `${ORDERS} orders, scaling on: engrave has 2 instances to begin with and 16 at most`,
  );
  const scaled = await playRound(workshop, {
    workflow: 'engraving',
    plugin: 'engrave',
    functionKey: 'engrave',
    lineMs: 1500,
  });
  await checkNamed('engrave', scaled);
  const { base, ceiling } = CONCURRENCY;
  const within = (count: number) => count > base && count <= ceiling;
  checks.pass(
    `it grew over ${base} and not over ${ceiling}: ${sayRound(scaled)}`,
    checks.equal(`instances ${scaled.mostInstances}`, within(scaled.mostInstances), true),
    checks.equal(
      `in the status ${scaled.mostInstancesInStatus}`,
      within(scaled.mostInstancesInStatus),
      true,
    ),
    checks.equal(
      `maximum concurrency ${scaled.mostConcurrency}`,
      within(scaled.mostConcurrency),
      true,
    ),
  );
  const ratio = alone.seconds / scaled.seconds;
  checks.pass(
    terminal.paint(
      'bold',
      `${ratio.toFixed(1)} times as fast: ${alone.seconds.toFixed(1)} s without scaling, ${scaled.seconds.toFixed(1)} s with it`,
    ),
    checks.equal(`ratio ${ratio.toFixed(2)} over ${LEAST_RATIO}`, ratio > LEAST_RATIO, true),
  );

  await showRest(workshop);
  passed = checks.failed === 0;
} catch (error) {
  console.error(`\ndemo: ${error instanceof CliError ? error.message : (error as Error).stack}`);
}
const count = passed
  ? terminal.paint('green', `All ${checks.passed} checks passed`)
  : terminal.paint('red', `The demo failed: ${checks.failed} checks, ${checks.passed} passed`);
console.log(`\n${count} after ${formatMs(performance.now() - since)}.`);
process.exitCode = passed ? 0 : 1;

async function putWorkflow(name: string, engraver: string): Promise<void> {
  const activities = [{ name: 'make', pre: ['receive', engraver, 'wrap'] }];
  await api.put(`/workflows/${name}`, json({ activities }));
}

/** The status and the facts of the lifecycle agree on who was in the way; and that nobody is any more. */
async function checkNamed(plugin: string, { named }: Round): Promise<void> {
  const own = await lookUntil('it is told that the bottleneck is gone', 20_000, async () => {
    const facts = (await workshop.facts()).filter((fact) => fact.plugin === plugin);
    return facts.some(({ type }) => type === 'plugin.bottleneck.cleared') && facts;
  });
  const told = new Set((await workshop.facts()).map((fact) => fact.plugin));
  const expected = plugin === 'engrave' ? ['engrave-alone', 'engrave'] : [plugin];
  const causes = own.flatMap(({ cause }) => cause ?? []);
  checks.pass(
    `named as the bottleneck, by the status and on the topic lifecycle: ${plugin} (${causes.join(', ')})`,
    checks.equal('bottlenecks in the status', [...named], [plugin]),
    checks.equal('bottlenecks on the topic lifecycle', [...told], expected),
    checks.equal('one cause is the cap', causes.includes('atCap'), true),
  );
}

function sayRound({ seconds, mostInstances }: Round): string {
  return `${mostInstances} instances, ${(ORDERS / seconds).toFixed(0)} orders/s`;
}
