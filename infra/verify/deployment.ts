import { type Account, countsOf, differences, readAccount } from './account.ts';
import { Api } from './api.ts';
import { serverless } from './command.ts';
import { gapLines, PASSED_OVER_TYPES } from './gaps.ts';
import { Moto } from './moto.ts';
import { compareWithTemplates } from './read-back.ts';
import type { Report } from './report.ts';
import { readTemplate, type Template } from './template.ts';
import type { WorkingCopy } from './working-copy.ts';

const STAGE = 'dev';
const PREFIX = `baton-${STAGE}`;
const ARITHMETIC = 'plugins/arithmetic';
const RIVAL = 'plugins/rival';

/** 5 through A (adds 2), then A and B (doubles) at once. */
const ORDER = { input: 5, todo: ['A', ['A', 'B']] };
const RESULT = { A: 9, B: 14 };

/** Deploys core and one plugin service to moto, and looks at what comes of it. */
export class Deployment {
  readonly #python: string;
  readonly #copy: WorkingCopy;
  readonly #moto: Moto;
  readonly #api: Api;
  #deployed: Account = {};

  private constructor(python: string, copy: WorkingCopy, moto: Moto) {
    this.#python = python;
    this.#copy = copy;
    this.#moto = moto;
    this.#api = new Api(moto, PREFIX);
  }

  /** Takes all steps; once one has failed, those after it cannot be taken. */
  static async verify(report: Report, python: string, copy: WorkingCopy): Promise<void> {
    const moto = await Moto.start(python);
    try {
      const deployment = new Deployment(python, copy, moto);
      let failed: string | undefined;
      for (const [name, step] of deployment.#steps()) {
        if (failed !== undefined) report.leaveOut(name, `"${failed}" failed`);
        else if (!(await report.step(name, step))) failed = name;
      }
      if (failed !== undefined) console.log(`\nmoto's last words:\n${moto.lastWords}`);
    } finally {
      await moto.stop();
    }
  }

  #steps(): [string, () => Promise<string | string[]>][] {
    return [
      ['moto: serverless deploy of the core, read back', () => this.#deployCore()],
      ['moto: serverless deploy of plugins/arithmetic, read back', () => this.#deployPlugin()],
      ['moto: an order passes through the deployed functions', () => this.#passOrder()],
      ['moto: a second deploy of both changes nothing', () => this.#deployAgain()],
      ['moto: an update of the core reaches its functions', () => this.#updateCore()],
      ['moto: an update of the plugins reaches them and the registry', () => this.#updatePlugin()],
      ['moto: an order passes by the topic and its filters', () => this.#broadcastOrder()],
      ['moto: an alarm raises the concurrency of its plugin', () => this.#raiseConcurrency()],
      ['moto: a plugin of the same name from another stack is refused', () => this.#refuseRival()],
      ['moto: serverless remove of the plugins deregisters them', () => this.#removePlugin()],
      ['moto: serverless remove of the core leaves nothing', () => this.#removeCore()],
      ['moto: no function was refused a call; what moto cannot do is known', () => this.#account()],
    ];
  }

  async #deployCore(): Promise<string[]> {
    await this.#serverless('.', 'deploy');
    return this.#readBack(['.']);
  }

  async #deployPlugin(): Promise<string[]> {
    await this.#serverless(ARITHMETIC, 'deploy');
    const lines = await this.#readBack(['.', ARITHMETIC]);
    const { plugins } = await this.#plugins();
    expectEqual('registered plugins', Object.keys(plugins).sort(), ['A', 'B']);
    return [...lines, 'A and B are registered'];
  }

  async #passOrder(): Promise<string[]> {
    await this.#api.signIn();
    const order = await this.#api.order(ORDER);
    expectEqual('the result', order.result, RESULT);
    const scheduled = await this.#invokeScheduled();
    return [
      `${JSON.stringify(ORDER)} gives ${JSON.stringify(order.result)}`,
      "an operator's token is let in, a made-up one is not",
      `what runs by schedule runs: ${scheduled.join(', ')}`,
    ];
  }

  async #deployAgain(): Promise<string[]> {
    const before = await this.#readAccount();
    for (const service of ['.', ARITHMETIC]) {
      const output = await this.#serverless(service, 'deploy');
      if (!/No changes to deploy/i.test(output)) throw new Error(`${service}: ${output}`);
    }
    expectEqual('what changed', differences(before, await this.#readAccount()), []);
    return ['osls: no changes to deploy; the account is the same'];
  }

  async #updateCore(): Promise<string[]> {
    const before = await this.#readAccount();
    // Subscriptions count as settled at once: from here on the orchestrator uses the topic.
    await this.#serverless('.', 'deploy', '--param', 'subscription-settles-seconds=0');
    const changed = differences(before, await this.#readAccount());
    const functions = Object.keys(before.functions ?? {}).filter(
      (name) => !name.startsWith(`${PREFIX}-arithmetic`),
    );
    const variable = 'Environment > Variables > BATON_SUBSCRIPTION_SETTLES_SECONDS';
    expectEqual(
      'what changed',
      changed,
      functions.map((name) => `functions > ${name} > ${variable}`),
    );
    return [
      `BATON_SUBSCRIPTION_SETTLES_SECONDS of ${functions.length} functions, and nothing else`,
    ];
  }

  async #updatePlugin(): Promise<string[]> {
    const before = await this.#readAccount();
    const file = `${ARITHMETIC}/serverless.yml`;
    await this.#copy.change(file, 'memorySize: 256', 'memorySize: 512');
    // Who gets no history gets the message that the others get: by the topic.
    await this.#copy.change(file, 'plugin: A\n      history: true', 'plugin: A');
    await this.#copy.change(
      file,
      'plugin: B\n      history: true',
      'plugin: B\n      concurrency: { base: 3, ceiling: 5 }',
    );
    await this.#serverless(ARITHMETIC, 'deploy');
    const after = await this.#readAccount();
    const mapping = `mappings > ${PREFIX}-plugin-B to ${PREFIX}-arithmetic-b`;
    // Its alarms reckon with the concurrency.
    const alarms = `alarms > ${PREFIX}-plugin-B-`;
    const changed = differences(before, after).filter((path) => !path.startsWith(alarms));
    expectEqual('what changed', changed, [
      `functions > ${PREFIX}-arithmetic-a > MemorySize`,
      `functions > ${PREFIX}-arithmetic-b > MemorySize`,
      `${mapping} > ScalingConfig > MaximumConcurrency`,
    ]);
    const { plugins } = await this.#plugins();
    expectEqual('concurrency of B in the registry', plugins.B.concurrency, { base: 3, ceiling: 5 });
    return [
      'the memory of both, the concurrency of B in its mapping, its alarms and the registry, and nothing else',
    ];
  }

  async #broadcastOrder(): Promise<string[]> {
    const order = await this.#api.order(ORDER);
    expectEqual('the result', order.result, RESULT);
    const publish = /: sns:Publish on \S+-tasks$/;
    if (!this.#moto.calls.some((call) => publish.test(call))) {
      throw new Error('nothing was published to the tasks topic');
    }
    return [`the same result; A and B got their task from the topic, by the filters p.A and p.B`];
  }

  /** B has 3 instances and may have 5: while its alarm rings it gets them, and then goes back. */
  async #raiseConcurrency(): Promise<string[]> {
    await this.#moto.measureInstances(`${PREFIX}-arithmetic-b`, 3);
    const during = await this.#concurrencyAfterAlarm('ALARM');
    expectEqual('concurrency of B while the alarm rings', during, 5);
    const afterwards = await this.#concurrencyAfterAlarm('OK');
    expectEqual('concurrency of B afterwards', afterwards, 3);
    return ['from 3 to 5 at the alarm, back to 3 afterwards, by the deployed rescale'];
  }

  async #concurrencyAfterAlarm(state: 'ALARM' | 'OK'): Promise<unknown> {
    await this.#moto.publish(`arn:aws:sns:us-east-1:123456789012:${PREFIX}-alarms`, {
      AlarmName: `${PREFIX}-plugin-B-depth`,
      NewStateValue: state,
      Trigger: { Dimensions: [{ name: 'QueueName', value: `${PREFIX}-plugin-B` }] },
    });
    const { mappings = {} } = await this.#readAccount();
    const mapping = mappings[`${PREFIX}-plugin-B to ${PREFIX}-arithmetic-b`];
    return (mapping as { ScalingConfig: { MaximumConcurrency: number } }).ScalingConfig
      .MaximumConcurrency;
  }

  /** Invokes the targets of the account's rules as EventBridge would. @returns their names */
  async #invokeScheduled(): Promise<string[]> {
    const { rules = {} } = await this.#readAccount();
    const targets = Object.values(rules).flatMap((rule) => (rule as { Targets: string[] }).Targets);
    const names = targets.map((arn) => String(arn.split(':').at(-1))).sort();
    for (const name of names) {
      await this.#moto.invoke(name, {
        source: 'aws.events',
        'detail-type': 'Scheduled Event',
        detail: {},
      });
    }
    return names;
  }

  /** AWS would refuse the rival's queues already, whose names are taken. moto lets it share them, so that the registry has its say. */
  async #refuseRival(): Promise<string[]> {
    await this.#copy.copyService(ARITHMETIC, RIVAL);
    await this.#copy.change(`${RIVAL}/serverless.yml`, 'service: arithmetic', 'service: rival');
    const refusal = await this.#serverless(RIVAL, 'deploy').then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (refusal === undefined) throw new Error('the rival was deployed');
    const reason = /^.*Registration: .*$/m.exec(refusal)?.[0];
    if (reason === undefined) throw new Error(`refused without a reason of ours:\n${refusal}`);
    const { plugins } = await this.#plugins();
    expectEqual('concurrency of B in the registry', plugins.B.concurrency, { base: 3, ceiling: 5 });
    return [reason.trim()];
  }

  async #removePlugin(): Promise<string[]> {
    await this.#serverless(ARITHMETIC, 'remove');
    const { plugins } = await this.#plugins();
    expectEqual('registered plugins', Object.keys(plugins), []);
    return ['no plugin is registered'];
  }

  async #removeCore(): Promise<string[]> {
    await this.#serverless('.', 'remove');
    const account = await this.#readAccount();
    // CloudFormation would have rolled the rival back.
    const left = Object.entries(account).flatMap(([section, items]) =>
      Object.keys(items)
        .filter((name) => !name.includes(`${PREFIX}-rival`))
        .map((name) => `${section} > ${name}`),
    );
    expectEqual('what is left', left, []);
    return ['the account is empty'];
  }

  async #account(): Promise<string[]> {
    expectEqual('calls that were refused', [...new Set(this.#moto.refusals)], []);
    expectEqual('types that moto passed over', this.#moto.unsupportedTypes, PASSED_OVER_TYPES);
    const calls = this.#moto.calls.length;
    return [`${calls} calls by functions, each within its role`, ...gapLines()];
  }

  async #serverless(service: string, command: string, ...options: string[]): Promise<string> {
    return await serverless(
      this.#copy.path(service),
      [command, '--stage', STAGE, ...options],
      this.#moto.environment,
    );
  }

  async #readAccount(): Promise<Account> {
    return await readAccount(this.#python, this.#moto.url);
  }

  async #readBack(services: readonly string[]): Promise<string[]> {
    const templates: Template[] = [];
    for (const service of services) {
      templates.push(await readTemplate(this.#copy.path(service, '.serverless')));
    }
    this.#deployed = await this.#readAccount();
    return [compareWithTemplates(this.#deployed, templates), countsOf(this.#deployed)];
  }

  /** The registered plugins by name. */
  // biome-ignore lint/suspicious/noExplicitAny: an answer is any JSON.
  async #plugins(): Promise<{ plugins: Record<string, any> }> {
    const { plugins } = await this.#api.call('plugins', 'GET /plugins', '/plugins');
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    return { plugins: Object.fromEntries(plugins.map((one: any) => [one.name, one])) };
  }
}

function expectEqual(what: string, found: unknown, expected: unknown): void {
  const [have, want] = [JSON.stringify(found), JSON.stringify(expected)];
  if (have !== want)
    throw new Error(`${what}: ${have}\n${' '.repeat(what.length)}  is not ${want}`);
}
