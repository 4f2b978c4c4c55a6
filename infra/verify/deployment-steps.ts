import { type Account, countsOf, differences } from './account.ts';
import { Deployment, PREFIX } from './deployment.ts';
import { gapLines, PASSED_OVER_TYPES } from './gaps.ts';
import { compareWithTemplates } from './read-back.ts';
import type { Report } from './report.ts';
import type { WorkingCopy } from './working-copy.ts';

const ARITHMETIC = 'plugins/arithmetic';
const RIVAL = 'plugins/rival';

/** 5 through A (adds 2), then through A and B (doubles) at once. */
const ORDER = { input: 5, todo: ['A', ['A', 'B']] };
const RESULT = { A: 9, B: 14 };

type Step = (deployment: Deployment) => Promise<readonly string[]>;

const STEPS: readonly (readonly [string, Step])[] = [
  ['moto: serverless deploy of the core, read back', deployCore],
  ['moto: serverless deploy of plugins/arithmetic, read back', deployPlugins],
  ['moto: an order passes through the deployed functions', passOrder],
  ['moto: a second deploy of both changes nothing', deployAgain],
  ['moto: a core that is removed and made again gets its plugins back', rebuildCore],
  ['moto: an update of the core reaches its functions', updateCore],
  ['moto: an update of the plugins reaches them and the registry', updatePlugins],
  ['moto: an order passes through the topic and its filters', broadcastOrder],
  ['moto: a call waits for its order', answerDirectly],
  ['moto: an alarm raises the concurrency of its plugin', raiseConcurrency],
  ['moto: a plugin of the same name from another stack is refused', refuseRival],
  ['moto: the core is not removed while plugins are registered', refuseRemoval],
  ['moto: a core that keeps its data is removed, and comes back with it', bringDataBack],
  ['moto: serverless remove of the plugins deregisters them', removePlugins],
  [
    'moto: serverless remove of the core leaves the data that it was given, and nothing else',
    removeCore,
  ],
  ['moto: every call of a function was allowed; the gaps of moto are known', checkCalls],
];

/** Deploys the core and one plugin service to moto, and checks the deployment. After a failed step, the later ones cannot run. */
export async function verifyDeployment(
  report: Report,
  python: string,
  copy: WorkingCopy,
): Promise<void> {
  const deployment = await Deployment.start(python, copy);
  try {
    let failed: string | undefined;
    for (const [name, step] of STEPS) {
      if (failed !== undefined) report.leaveOut(name, `"${failed}" failed`);
      else if (!(await report.step(name, () => step(deployment)))) failed = name;
    }
    if (failed !== undefined) console.log(`\nmoto's last words:\n${deployment.moto.lastWords}`);
  } finally {
    await deployment.stop();
  }
}

async function deployCore(deployment: Deployment): Promise<readonly string[]> {
  await deployment.serverless('.', 'deploy');
  return readBack(deployment, ['.']);
}

async function deployPlugins(deployment: Deployment): Promise<readonly string[]> {
  await deployment.serverless(ARITHMETIC, 'deploy');
  const lines = await readBack(deployment, ['.', ARITHMETIC]);
  await deployment.api.signIn();
  const plugins = await deployment.readPlugins();
  expectEqual('registered plugins', Object.keys(plugins).sort(), ['A', 'B']);
  return [...lines, 'A and B are registered'];
}

async function passOrder(deployment: Deployment): Promise<readonly string[]> {
  const order = await deployment.api.order(ORDER);
  expectEqual('the result', order.result, RESULT);
  const scheduled = await deployment.invokeScheduled();
  return [
    `${JSON.stringify(ORDER)} gives ${JSON.stringify(order.result)}`,
    "an operator's token is accepted, a made-up one is not",
    `the scheduled functions run: ${scheduled.join(', ')}`,
  ];
}

async function deployAgain(deployment: Deployment): Promise<readonly string[]> {
  const before = await deployment.readAccount();
  for (const service of ['.', ARITHMETIC]) {
    const output = await deployment.serverless(service, 'deploy');
    if (!/No changes to deploy/i.test(output)) throw new Error(`${service}: ${output}`);
  }
  expectEqual('changes', differences(before, await deployment.readAccount()), []);
  return ['osls finds no changes to deploy; the account is the same'];
}

/** The template of the plugins is the same as before; only the core's values differ. */
async function rebuildCore(deployment: Deployment): Promise<readonly string[]> {
  await deployment.serverless('.', 'remove', '--param', 'abandon-plugins=true');
  expectEqual('leftovers', namesBut(await deployment.readAccount(), `${PREFIX}-arithmetic`), []);
  await deployment.serverless('.', 'deploy');
  const output = await deployment.serverless(ARITHMETIC, 'deploy');
  const reason = /^The core has changed since .*$/m.exec(output)?.[0];
  if (reason === undefined) throw new Error(`the plugins' stack saw no change:\n${output}`);
  await readBack(deployment, ['.', ARITHMETIC]);
  await deployment.api.signIn();
  const order = await deployment.api.order(ORDER);
  expectEqual('the result', order.result, RESULT);
  const again = await deployment.serverless(ARITHMETIC, 'deploy');
  if (!/No changes to deploy/i.test(again)) throw new Error(`deployed once more:\n${again}`);
  return [
    'without its plugins, the core is removed to the last resource',
    reason,
    `an order gives ${JSON.stringify(order.result)}; the next deployment has nothing to do`,
  ];
}

/** Names in the account, but for what belongs to a plugin or to a stack whose name begins so. */
function namesBut(account: Account, stack: string): string[] {
  return Object.entries(account).flatMap(([section, items]) =>
    Object.keys(items)
      .filter((name) => !name.includes(stack) && !name.includes(`${PREFIX}-plugin-`))
      .map((name) => `${section} > ${name}`),
  );
}

async function updateCore(deployment: Deployment): Promise<readonly string[]> {
  const before = await deployment.readAccount();
  // Subscriptions count as settled at once, so that the orchestrator uses the topic from here on.
  const settled = ['--param', 'subscription-settles-seconds=0'];
  // From here on, calls may wait for their orders, too.
  await deployment.serverless('.', 'deploy', ...settled, '--param', 'direct-answers=2');
  const changed = differences(before, await deployment.readAccount());
  const functions = Object.keys(before.functions ?? {}).filter(
    (name) => !name.startsWith(`${PREFIX}-arithmetic`),
  );
  const variableOf = (name: string, variable: string) =>
    `functions > ${name} > Environment > Variables > ${variable}`;
  expectEqual(
    'changes',
    changed.sort(),
    [
      ...functions.map((name) => variableOf(name, 'BATON_SUBSCRIPTION_SETTLES_SECONDS')),
      variableOf(`${PREFIX}-ingest`, 'BATON_ANSWER_FUNCTION'),
    ].sort(),
  );
  return [
    `BATON_SUBSCRIPTION_SETTLES_SECONDS of ${functions.length} functions, BATON_ANSWER_FUNCTION of ingest, and nothing else`,
  ];
}

/** moto knows no reserved concurrency: that no more than two wait at once is not seen here. */
async function answerDirectly(deployment: Deployment): Promise<readonly string[]> {
  const order = await deployment.api.call(
    ...(['ingest', 'POST /orders', '/orders?wait=25s', { input: 5, todo: ['A'] }] as const),
  );
  expectEqual('the order', [order.status, order.result], ['completed', 7]);
  return ['the call that placed the order brings its result: ingest has invoked answer'];
}

async function updatePlugins(deployment: Deployment): Promise<readonly string[]> {
  const before = await deployment.readAccount();
  const file = `${ARITHMETIC}/serverless.yml`;
  await deployment.copy.change(file, 'memorySize: 256', 'memorySize: 512');
  // Plugins without history get the same message as the others, through the topic.
  await deployment.copy.change(file, 'plugin: A\n      history: true', 'plugin: A');
  await deployment.copy.change(
    file,
    'plugin: B\n      history: true',
    'plugin: B\n      concurrency: { base: 3, ceiling: 5 }',
  );
  await deployment.serverless(ARITHMETIC, 'deploy');
  const after = await deployment.readAccount();
  const mapping = `mappings > ${PREFIX}-plugin-B to ${PREFIX}-arithmetic-B`;
  // B's alarms depend on the concurrency.
  const alarms = `alarms > ${PREFIX}-plugin-B-`;
  const changed = differences(before, after).filter((path) => !path.startsWith(alarms));
  expectEqual('changes', changed, [
    `functions > ${PREFIX}-arithmetic-A > MemorySize`,
    `functions > ${PREFIX}-arithmetic-B > MemorySize`,
    `${mapping} > ScalingConfig > MaximumConcurrency`,
  ]);
  const plugins = await deployment.readPlugins();
  expectEqual('concurrency of B in the registry', plugins.B.concurrency, { base: 3, ceiling: 5 });
  return [
    'the memory of both, the concurrency of B in its mapping, its alarms and the registry, and nothing else',
  ];
}

async function broadcastOrder(deployment: Deployment): Promise<readonly string[]> {
  const order = await deployment.api.order(ORDER);
  expectEqual('the result', order.result, RESULT);
  const publish = /: sns:Publish on \S+-tasks-\w+$/;
  if (!deployment.moto.calls.some((call) => publish.test(call))) {
    throw new Error('nothing was published to the tasks topic');
  }
  return [
    'the same result; A and B got their tasks from the topic, through the filters p.A and p.B',
  ];
}

/** B has 3 instances and may have 5: it gets them while its alarm rings. */
async function raiseConcurrency(deployment: Deployment): Promise<readonly string[]> {
  await deployment.moto.measureInstances(`${PREFIX}-arithmetic-B`, 3);
  const during = await concurrencyAfterAlarm(deployment, 'ALARM');
  expectEqual('concurrency of B while the alarm rings', during, 5);
  const afterwards = await concurrencyAfterAlarm(deployment, 'OK');
  expectEqual('concurrency of B afterwards', afterwards, 3);
  return ['the deployed rescale raises it from 3 to 5 at the alarm, and lowers it to 3 afterwards'];
}

async function concurrencyAfterAlarm(
  deployment: Deployment,
  state: 'ALARM' | 'OK',
): Promise<unknown> {
  await deployment.moto.publish(`arn:aws:sns:us-east-1:123456789012:${PREFIX}-alarms`, {
    AlarmName: `${PREFIX}-plugin-B-depth`,
    NewStateValue: state,
    Trigger: { Dimensions: [{ name: 'QueueName', value: `${PREFIX}-plugin-B` }] },
  });
  const { mappings = {} } = await deployment.readAccount();
  const mapping = mappings[`${PREFIX}-plugin-B to ${PREFIX}-arithmetic-B`];
  return (mapping as { ScalingConfig: { MaximumConcurrency: number } }).ScalingConfig
    .MaximumConcurrency;
}

/** AWS would already refuse the rival's queues, since their names are taken. moto lets it share them, so that the registry has to refuse it. */
async function refuseRival(deployment: Deployment): Promise<readonly string[]> {
  await deployment.copy.copyService(ARITHMETIC, RIVAL);
  await deployment.copy.change(`${RIVAL}/serverless.yml`, 'service: arithmetic', 'service: rival');
  const refusal = await deployment.serverless(RIVAL, 'deploy').then(
    () => undefined,
    (error: Error) => error.message,
  );
  if (refusal === undefined) throw new Error('the rival was deployed');
  const reason = /^.*Registration: .*$/m.exec(refusal)?.[0];
  if (reason === undefined) throw new Error(`refused, but not by the registry:\n${refusal}`);
  const plugins = await deployment.readPlugins();
  expectEqual('concurrency of B in the registry', plugins.B.concurrency, { base: 3, ceiling: 5 });
  return [reason.trim()];
}

async function refuseRemoval(deployment: Deployment): Promise<readonly string[]> {
  const before = await deployment.readAccount();
  const refusal = await deployment.serverless('.', 'remove').then(
    () => undefined,
    (error: Error) => error.message,
  );
  const reason = /^.*is not removed: .*$/m.exec(refusal ?? '')?.[0];
  if (reason === undefined) throw new Error(`not refused:\n${refusal}`);
  expectEqual('changes', differences(before, await deployment.readAccount()), []);
  return [reason.trim()];
}

/** The runbook of docs/deploy.md: the data outlives its stack, and a stack of the same name takes it over. */
async function bringDataBack(deployment: Deployment): Promise<readonly string[]> {
  const { orderId } = await deployment.api.order(ORDER);
  const safe = ['--param', 'throw-away=false'];
  await deployment.serverless('.', 'deploy', ...safe);
  const removal = ['--param', 'confirmed=true', '--param', 'abandon-plugins=true'];
  await deployment.serverless('.', 'remove', ...safe, ...removal);
  const { tables = {}, buckets = {} } = await deployment.readAccount();
  const table = Object.keys(tables).find((name) => name === PREFIX);
  const bucket = Object.keys(buckets).find((name) => /^baton-dev-bucket-/.test(name));
  if (table === undefined || bucket === undefined) {
    throw new Error(`the data went with its stack: ${Object.keys({ ...tables, ...buckets })}`);
  }
  const existing = ['--param', `existing-table=${table}`, '--param', `existing-bucket=${bucket}`];
  await deployment.serverless('.', 'deploy', ...existing);
  await deployment.serverless(ARITHMETIC, 'deploy');
  const earlier = await deployment.api.call(
    'orders',
    'GET /orders/{orderId}',
    `/orders/${orderId}`,
  );
  expectEqual('the result of the earlier order', earlier.result, RESULT);
  const order = await deployment.api.order(ORDER);
  expectEqual('the result', order.result, RESULT);
  const refusal = await deployment.serverless('.', 'deploy').then(
    () => undefined,
    (error: Error) => error.message,
  );
  const reason = /^.*uses the existing table .*$/m.exec(refusal ?? '')?.[0];
  if (reason === undefined) throw new Error(`deployed with other data:\n${refusal}`);
  return ['the earlier order is there, a new one completes', reason.trim()];
}

async function removePlugins(deployment: Deployment): Promise<readonly string[]> {
  await deployment.serverless(ARITHMETIC, 'remove');
  const plugins = await deployment.readPlugins();
  expectEqual('registered plugins', Object.keys(plugins), []);
  return ['no plugin is registered'];
}

async function removeCore(deployment: Deployment): Promise<readonly string[]> {
  await deployment.serverless('.', 'remove');
  // The rival is not counted: CloudFormation would have rolled it back.
  const left = namesBut(await deployment.readAccount(), `${PREFIX}-rival`);
  const [table, bucket, ...others] = left.sort().reverse();
  expectEqual('leftovers', [table, others], [`tables > ${PREFIX}`, []]);
  if (!/^buckets > baton-dev-bucket-/.test(bucket ?? '')) throw new Error(`left: ${bucket}`);
  return ['the account is empty, but for the table and the bucket that the core had found there'];
}

async function checkCalls(deployment: Deployment): Promise<readonly string[]> {
  expectEqual('refused calls', [...new Set(deployment.moto.refusals)], []);
  expectEqual(
    'resource types that moto skipped',
    deployment.moto.unsupportedTypes,
    PASSED_OVER_TYPES,
  );
  const calls = deployment.moto.calls.length;
  return [`${calls} calls by functions, each allowed by its role`, ...gapLines()];
}

async function readBack(
  deployment: Deployment,
  services: readonly string[],
): Promise<readonly string[]> {
  const account = await deployment.readAccount();
  const templates = await deployment.readTemplates(services);
  return [compareWithTemplates(account, templates), countsOf(account)];
}

function expectEqual(what: string, found: unknown, expected: unknown): void {
  const [have, want] = [JSON.stringify(found), JSON.stringify(expected)];
  if (have !== want)
    throw new Error(`${what}: ${have}\n${' '.repeat(what.length)}  is not ${want}`);
}
