import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { type AwsClients, awsClients, destroyClients } from './aws-clients.ts';
import type { CustomResourceRequest } from './cloudformation/custom-resource.ts';
import { StackRecords } from './cloudformation/stack-record.ts';
import type { DataFolder } from './data/data-folder.ts';
import { type EmbeddedProcess, spawnEmbeddedAws } from './embedded/spawn.ts';
import { type Endpoints, givenEndpoints, sdkEnvironment, useCredentials } from './endpoints.ts';
import { ControlServer } from './host/control-server.ts';
import { FunctionLogs } from './lambda/function-logs.ts';
import { Functions } from './lambda/functions.ts';
import { InstanceLines } from './lambda/instance-lines.ts';
import { oneLine } from './local-error.ts';
import { notification } from './mapping/lambda-events.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import { alarmsOf, monitoringHost, sayUpdate } from './monitoring/monitoring-host.ts';
import { freePort } from './ports.ts';
import {
  type BundleInFolder,
  bundleInFolder,
  DeployedService,
  removeStack,
  type ServiceHost,
} from './services/deployed-service.ts';
import { type LoadedService, loadService } from './services/load-service.ts';
import { refuseDoubles } from './services/refuse-doubles.ts';
import { type ServiceFolders, serviceFolders } from './services/service-folders.ts';
import { watchServices } from './services/watch-services.ts';
import type { Terminal } from './terminal.ts';

export interface LocalStackOptions {
  coreFolder: string;
  folders: ServiceFolders;
  data: DataFolder;
  params: Record<string, string>;
  port: number;
  awsPort: number;
  dynamodbPort: number;
  idleSeconds: number;
  /** The length of CloudWatch's minute: the period of most alarms. */
  alarmPeriodSeconds: number;
  auth: boolean;
  showLogs: boolean;
  terminal: Terminal;
  /** Called when the stack can no longer go on. */
  onLost: (reason: string) => void;
}

interface Loaded {
  service: LoadedService;
  bundling: Promise<BundleInFolder>;
}

/** How long the end waits for functions and polls before the embedded services are closed all the same. */
const WORK_ENDS_MS = 400;

/** The whole system on one machine: see docs/local.md. */
export class LocalStack {
  readonly #options: LocalStackOptions;
  readonly #functions: Functions;
  readonly #monitoring: Monitoring;
  readonly #control: ControlServer;
  readonly #records: StackRecords;
  readonly #services = new Map<string, DeployedService>();
  #embedded: EmbeddedProcess | undefined;
  #clients: AwsClients | undefined;
  #endpoints: Endpoints | undefined;
  #host: ServiceHost | undefined;
  #watch: { stop: () => void } | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: LocalStackOptions) {
    const { terminal, data, idleSeconds, showLogs } = options;
    this.#options = options;
    const logs = new FunctionLogs(join(data.file('logs'), 'functions.log'), showLogs, (problem) =>
      terminal.problem('logs', problem),
    );
    const instances = new InstanceLines((definition, text) => terminal.say(definition.label, text));
    this.#functions = new Functions(idleSeconds, {
      output: ({ label }, text) => {
        logs.write(label, text);
        this.#monitoring.wrote(text);
      },
      counted: (definition, count) => {
        if (definition.service !== this.#core?.service.name) instances.counted(definition, count);
      },
      crashed: ({ label }, reason) => terminal.problem(label, `an instance ended: ${reason}`),
      // at the end, whatever is at work fails
      failed: ({ label }, reason) => {
        if (!this.#stopping) terminal.problem(label, reason);
      },
    });
    this.#records = new StackRecords(data.file('stacks.json'));
    this.#monitoring = new Monitoring({
      minuteSeconds: options.alarmPeriodSeconds,
      alarms: () => alarmsOf(this.#stackRecords),
      instances: () => this.#functions.list(),
      file: data.file('alarms.json'),
      report: (problem) => terminal.problem('alarms', problem),
    });
    this.#control = new ControlServer({
      functions: this.#functions,
      mappings: () => this.#mappings,
      updated: ({ source, settings }, before) => {
        const update = sayUpdate(settings, before);
        if (update) terminal.say(this.#functions.label(source.functionArn), update);
      },
      monitoring: this.#monitoring,
      about: { pid: process.pid, data: data.path },
    });
  }

  get url(): string | undefined {
    return this.#core?.url;
  }

  get endpoints(): Endpoints | undefined {
    return this.#endpoints;
  }

  /** Holds the secret of the control server. */
  get controlUrl(): string {
    return this.#control.url;
  }

  /** Without the secret. */
  get controlAddress(): string {
    return this.#control.address;
  }

  /** The core first. */
  get services(): LoadedService[] {
    return [...this.#services.values()].map(({ service }) => service);
  }

  get #mappings() {
    return [...this.#services.values()].flatMap(({ mappings }) => mappings);
  }

  get #stackRecords() {
    return [...this.#services.values()].map(({ record }) => record);
  }

  get #core(): DeployedService | undefined {
    return [...this.#services.values()].find(
      ({ service }) => service.folder === this.#options.coreFolder,
    );
  }

  /** Starts everything; on failure what had started is stopped. */
  async start(): Promise<this> {
    try {
      await this.#start();
    } catch (error) {
      await this.stop();
      throw error;
    }
    return this;
  }

  async #start(): Promise<void> {
    const { data, coreFolder, folders } = this.#options;
    await this.#control.start();
    data.announce({ pid: process.pid, controlUrl: this.#control.url });
    // also what the services' files ask for with ${env:AWS_REGION}
    process.env.AWS_REGION = data.marker.region;
    rmSync(data.file('bundles'), { recursive: true, force: true });

    const embedding = this.#embed();
    embedding.catch(() => {});
    const pluginFolders = serviceFolders(folders);
    const core = await this.#load(coreFolder);
    const plugins: Loaded[] = [];
    for (const folder of pluginFolders) plugins.push(await this.#load(folder));
    refuseDoubles([core, ...plugins].map(({ service }) => service));

    this.#endpoints = await embedding;
    // Plugins are told where the API is before it is served, so a port of any kind (0) is chosen here.
    const port = this.#options.port || (await freePort());
    this.#host = this.#makeHost(this.#endpoints, port);
    await this.#deploy(core);
    await Promise.all(plugins.map((plugin) => this.#deploy(plugin)));
    await this.#removeGone();
    data.announce({
      pid: process.pid,
      controlUrl: this.#control.url,
      ...(this.url && { apiUrl: this.url }),
      endpoints: this.#endpoints,
    });
    const { clients, region, accountId } = this.#host.world;
    this.#monitoring.start(
      monitoringHost({
        clients,
        region,
        accountId,
        embeddedSqs:
          this.#embedded?.awsEndpoint === this.#endpoints.SQS ? this.#endpoints.SQS : undefined,
        records: () => this.#stackRecords,
        mappings: () => this.#mappings,
        functions: this.#functions,
        terminal: this.#options.terminal,
      }),
    );
    this.#watch = watchServices(folders, pluginFolders, {
      deploy: (folder) => this.#deployFolder(folder),
      remove: (folder) => this.#removeFolder(folder),
    });
  }

  /** Ends everything. Resolves when no function runs any more, which native code in one may delay for minutes. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#watch?.stop();
    // what is in flight comes again at the next start
    const working = Promise.all([
      this.#functions.end(),
      this.#monitoring.stop(),
      ...[...this.#services.values()].map((service) => service.stop()),
    ]);
    await Promise.race([working, new Promise((resolve) => setTimeout(resolve, WORK_ENDS_MS))]);
    await this.#embedded?.stop();
    if (this.#clients) destroyClients(this.#clients);
    this.#control.stop();
    this.#options.data.release();
    await working;
  }

  async #embed(): Promise<Endpoints> {
    const { given, needsAws, needsDynamodb } = givenEndpoints(process.env);
    if (needsAws || needsDynamodb) {
      const { data, awsPort, dynamodbPort, onLost } = this.#options;
      this.#embedded = await spawnEmbeddedAws({
        folder: data.path,
        region: data.marker.region,
        ...(needsAws && { awsPort }),
        ...(needsDynamodb && { dynamodbPort }),
      });
      this.#embedded.onLost(onLost);
    }
    const { awsEndpoint = '', dynamodbEndpoint = '' } = this.#embedded ?? {};
    return {
      SQS: awsEndpoint,
      SNS: awsEndpoint,
      S3: awsEndpoint,
      DYNAMODB: dynamodbEndpoint,
      ...given,
    };
  }

  #makeHost(endpoints: Endpoints, port: number): ServiceHost {
    const { region, accountId } = this.#options.data.marker;
    useCredentials(process.env);
    Object.assign(process.env, sdkEnvironment(endpoints, region, accountId), {
      AWS_ENDPOINT_URL_CLOUDWATCH: this.#control.url,
      AWS_ENDPOINT_URL_LAMBDA: this.#control.url,
    });
    const clients = awsClients(endpoints, region);
    this.#clients = clients;
    const { terminal, auth } = this.#options;
    return {
      world: {
        clients,
        region,
        accountId,
        parameters: new Map(),
        apiUrl: `http://127.0.0.1:${port}`,
        customResources: {
          expectResponse: () => this.#control.expectResponse(),
          deliver: (serviceToken, request) => this.#deliver(serviceToken, request),
        },
      },
      functions: this.#functions,
      terminal,
      port,
      auth,
      queueUrl: async (arn) => {
        const QueueName = arn.split(':').at(-1);
        return String((await clients.sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl);
      },
    };
  }

  /** Hands a custom resource's request to the functions behind its ServiceToken, a topic or a function. */
  async #deliver(serviceToken: string, request: CustomResourceRequest): Promise<void> {
    if (this.#functions.has(serviceToken)) {
      await this.#functions.invoke(serviceToken, request);
      return;
    }
    const subscriptions = [...this.#services.values()].flatMap((service) => service.subscriptions);
    const subscribers = subscriptions.filter(({ topicArn }) => topicArn === serviceToken);
    if (!subscribers.length) throw new Error(`no function listens to ${serviceToken}`);
    const event = notification(
      serviceToken,
      JSON.stringify(request),
      'AWS CloudFormation custom resource request',
    );
    for (const { functionName } of subscribers) await this.#functions.invoke(functionName, event);
  }

  /** Reads a service and begins to bundle it: esbuild has the other core meanwhile. */
  async #load(folder: string): Promise<Loaded> {
    const { params, data } = this.#options;
    const service = await loadService(folder, { params, region: data.marker.region });
    const bundling = bundleInFolder(service, data.file('bundles'));
    // awaited with the deployment
    bundling.catch(() => {});
    return { service, bundling };
  }

  async #deploy({ service, bundling }: Loaded): Promise<void> {
    const host = this.#requireHost();
    const isCore = service.folder === this.#options.coreFolder;
    const { port: _, ...withoutPort } = host;
    const earlier = this.#services.get(service.name);
    const recorded = this.#records.get(service.name);
    const deployed = await DeployedService.deploy(
      service,
      bundling,
      isCore ? host : withoutPort,
      recorded,
      earlier,
    );
    this.#services.set(service.name, deployed);
    this.#records.set(service.name, deployed.record);
  }

  /** Services that were there in an earlier run and whose folders have gone. */
  async #removeGone(): Promise<void> {
    for (const name of this.#records.services().filter((name) => !this.#services.has(name))) {
      const record = this.#records.get(name);
      if (!record) continue;
      const { terminal } = this.#options;
      try {
        await removeStack(record, this.#requireHost());
        this.#records.delete(name);
        terminal.say(name, 'has gone since the last run: deregistered');
      } catch (error) {
        terminal.problem(name, `has gone since the last run, but: ${oneLine(error)}`);
      }
    }
  }

  async #deployFolder(folder: string): Promise<boolean> {
    const { terminal } = this.#options;
    const since = performance.now();
    try {
      const loaded = await this.#load(folder);
      const { service } = loaded;
      const earlier = this.#services.get(service.name);
      if (earlier && earlier.service.folder !== folder)
        refuseDoubles([...this.services.filter((other) => other.folder !== folder), service]);
      await this.#deploy(loaded);
      const seconds = ((performance.now() - since) / 1000).toFixed(1);
      terminal.say(service.name, `${earlier ? 'deployed again' : 'deployed'} (${seconds} s)`);
      return true;
    } catch (error) {
      terminal.problem(folder, oneLine(error));
      return false;
    }
  }

  async #removeFolder(folder: string): Promise<void> {
    const { terminal } = this.#options;
    const deployed = [...this.#services.values()].find(({ service }) => service.folder === folder);
    if (!deployed) return;
    const { name } = deployed.service;
    terminal.say(name, 'leaves: draining its queues');
    try {
      const left = await deployed.remove();
      terminal.say(name, left ? `removed with ${left} messages not done` : 'drained and removed');
    } catch (error) {
      terminal.problem(name, `removed, but: ${oneLine(error)}`);
      await deployed.stop();
    }
    this.#services.delete(name);
    this.#records.delete(name);
  }

  #requireHost(): ServiceHost {
    if (!this.#host) throw new Error('the local stack has not started');
    return this.#host;
  }
}
