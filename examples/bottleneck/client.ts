// The client process of the demo. It knows three addresses: of the API, of the local stack's instance counts, and of the webhook.
import { connect, json } from '../../src/cli/api.ts';
import { openTerminal } from '../../src/cli/terminal.ts';
import { checked } from '../demo/checked.ts';
import { Checks } from '../demo/checks.ts';
import { showRest } from './rest.ts';
import { ORDERS, playRound, type Round } from './round.ts';
import { lookUntil, observeMachine, type Workshop } from './workshop.ts';

/** The same as in service/serverless.yml. */
const CONCURRENCY = { base: 2, ceiling: 16 };
/** Scaling must make the round at least this much faster; more depends on the machine. */
const LEAST_RATIO = 1.5;

const [url = '', controlUrl = '', webhookUrl = ''] = process.argv.slice(2);
const terminal = openTerminal({ json: false, color: true });
const checks = new Checks(terminal);
const api = connect({ url });
const workshop: Workshop = { api, terminal, checks, ...observeMachine(controlUrl, webhookUrl) };

process.exitCode = await checked(
  async () => {
    await putWorkflow('engraving', 'engrave');
    await putWorkflow('engraving-alone', 'engrave-alone');

    checks.title(`${ORDERS} orders without scaling: engrave-alone has at most 2 instances`);
    const alone = await playRound(workshop, {
      workflow: 'engraving-alone',
      plugin: 'engrave-alone',
      functionKey: 'engraveAlone',
      lineMs: 6000,
    });
    await checkNamed('engrave-alone', alone);
    checks.pass(
      `it stayed at 2: ${formatRound(alone)}`,
      checks.equal('instances', alone.mostInstances, 2),
      checks.equal('maximum concurrency', alone.mostConcurrency, 2),
    );

    checks.title(
      `${ORDERS} orders with scaling: engrave begins with 2 instances and has at most 16`,
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
      `it grew over ${base} and not over ${ceiling}: ${formatRound(scaled)}`,
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
  },
  { checks, terminal },
);

async function putWorkflow(name: string, engraver: string): Promise<void> {
  const activities = [{ name: 'make', pre: ['receive', engraver, 'wrap'] }];
  await api.put(`/workflows/${name}`, json({ activities }));
}

/** The status and the lifecycle facts name the same bottleneck, and agree that it is over. */
async function checkNamed(plugin: string, { named }: Round): Promise<void> {
  const own = await lookUntil('a fact says that the bottleneck is over', 20_000, async () => {
    const facts = (await workshop.facts()).filter(({ data }) => data.plugin === plugin);
    return facts.some(({ type }) => type === 'plugin.bottleneck.cleared') && facts;
  });
  const published = new Set((await workshop.facts()).map(({ data }) => data.plugin));
  const expected = plugin === 'engrave' ? ['engrave-alone', 'engrave'] : [plugin];
  const causes = own.flatMap(({ data }) => data.cause ?? []);
  checks.pass(
    `named as the bottleneck, by the status and on the topic lifecycle: ${plugin} (${causes.join(', ')})`,
    checks.equal('bottlenecks in the status', [...named], [plugin]),
    checks.equal('bottlenecks on the topic lifecycle', [...published], expected),
    checks.equal('one cause is the cap', causes.includes('atCap'), true),
  );
}

function formatRound({ seconds, mostInstances }: Round): string {
  return `${mostInstances} instances, ${(ORDERS / seconds).toFixed(0)} orders/s`;
}
