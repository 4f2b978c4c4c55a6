import { rmSync } from 'node:fs';
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { type AwsClients, awsClients, destroyClients, pollingCalls } from './aws-clients.ts';
import type { DataFolder } from './data/data-folder.ts';
import { refuseLostStores } from './data/refuse-lost-stores.ts';
import { type EmbeddedProcess, spawnEmbeddedAws } from './embedded/spawn.ts';
import { type Endpoints, givenEndpoints, sdkEnvironment, useCredentials } from './endpoints.ts';
import { ControlServer } from './host/control-server.ts';
import { failedAttempts } from './lambda/failed-attempts.ts';
import { FunctionLogs } from './lambda/function-logs.ts';
import { Functions } from './lambda/functions.ts';
import { InstanceLines } from './lambda/instance-lines.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import { alarmsOf, monitoringHost, sayUpdate } from './monitoring/monitoring-host.ts';
import { freePort } from './ports.ts';
import type { ServiceHost } from './services/deployed-service.ts';
import { DeployedServices, type LoadingService } from './services/deployed-services.ts';
import type { LoadedService } from './services/load-service.ts';
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

/** How long the end waits for functions and polls before the embedded services are closed all the same. */
const WORK_ENDS_MS = 400;

/** The whole system on one machine: see docs/local.md. */
export class LocalStack {
  readonly #options: LocalStackOptions;
  readonly #functions: Functions;
  readonly #monitoring: Monitoring;
  readonly #control: ControlServer;
  readonly #services: DeployedServices;
  #embedded: EmbeddedProcess | undefined;
  #clients: AwsClients | undefined;
  #endpoints: Endpoints | undefined;
  #watch: { stop: () => void } | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: LocalStackOptions) {
    const { terminal, data, idleSeconds, showLogs } = options;
    this.#options = options;
    const logs = new FunctionLogs(data.functionLog, showLogs, (problem) =>
      terminal.problem('logs', problem),
    );
    const instances = new InstanceLines((definition, text) => terminal.say(definition.label, text));
    this.#functions = new Functions(idleSeconds, {
      output: ({ label }, text) => {
        logs.write(label, text);
        this.#monitoring.wrote(text);
        for (const { what, which } of failedAttempts(text, process.cwd()))
          terminal.problem(label, what, which);
      },
      counted: (definition, count) => {
        if (definition.service !== this.#services.core?.service.name)
          instances.counted(definition, count);
      },
      crashed: ({ label }, reason) => terminal.problem(label, `an instance ended: ${reason}`),
      // at the end, whatever is at work fails
      failed: ({ label }, reason) => {
        if (!this.#stopping) terminal.problem(label, reason);
      },
    });
    this.#services = new DeployedServices(options);
    this.#monitoring = new Monitoring({
      minuteSeconds: options.alarmPeriodSeconds,
      alarms: () => alarmsOf(this.#services.records),
      instances: () => this.#functions.list(),
      file: data.file('alarms.json'),
      report: (problem) => terminal.problem('alarms', problem),
    });
    this.#control = new ControlServer({
      functions: this.#functions,
      mappings: () => this.#services.mappings,
      updated: ({ source, settings }, before) => {
        const update = sayUpdate(settings, before);
        if (update) terminal.say(this.#functions.label(source.functionArn), update);
      },
      monitoring: this.#monitoring,
      about: { pid: process.pid, data: data.path },
    });
  }

  get url(): string | undefined {
    return this.#services.core?.url;
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
    return this.#services.loaded;
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
    const core = await this.#services.load(coreFolder);
    const plugins: LoadingService[] = [];
    for (const folder of pluginFolders) plugins.push(await this.#services.load(folder));
    refuseDoubles([core, ...plugins].map(({ service }) => service));

    this.#endpoints = await embedding;
    // Plugins are told where the API is before it is served, so a port of any kind (0) is chosen here.
    const port = this.#options.port || (await freePort());
    const host = this.#makeHost(this.#endpoints, port);
    this.#services.useHost(host);
    const { awsEndpoint, dynamodbEndpoint } = this.#embedded ?? {};
    await refuseLostStores(
      this.#services.recorded,
      { tables: dynamodbEndpoint !== undefined, queues: awsEndpoint !== undefined },
      host.world.clients,
      data,
    );
    await this.#services.deploy(core);
    await Promise.all(plugins.map((plugin) => this.#services.deploy(plugin)));
    await this.#services.removeGone();
    data.announce({
      pid: process.pid,
      controlUrl: this.#control.url,
      ...(this.url && { apiUrl: this.url }),
      endpoints: this.#endpoints,
    });
    const { clients, region, accountId } = host.world;
    this.#monitoring.start(
      monitoringHost({
        clients,
        region,
        accountId,
        embeddedSqs:
          this.#embedded?.awsEndpoint === this.#endpoints.SQS ? this.#endpoints.SQS : undefined,
        records: () => this.#services.records,
        mappings: () => this.#services.mappings,
        functions: this.#functions,
        terminal: this.#options.terminal,
      }),
    );
    this.#watch = watchServices(folders, pluginFolders, {
      deploy: (folder) => this.#services.deployFolder(folder),
      remove: (folder) => this.#services.removeFolder(folder),
    });
    this.#services.poll();
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
      this.#services.stop(),
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
          deliver: (serviceToken, request) => this.#services.deliver(serviceToken, request),
        },
      },
      sqs: pollingCalls(),
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
}
