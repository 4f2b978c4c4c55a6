import { relative } from 'node:path';
import type { CustomResourceRequest } from '../cloudformation/custom-resource.ts';
import { StackRecords } from '../cloudformation/stack-record.ts';
import type { DataFolder } from '../data/data-folder.ts';
import { oneLine } from '../local-error.ts';
import { notification } from '../mapping/lambda-events.ts';
import type { Terminal } from '../terminal.ts';
import {
  type BundleInFolder,
  bundleInFolder,
  DeployedService,
  removeStack,
  type ServiceHost,
} from './deployed-service.ts';
import { type LoadedService, loadService } from './load-service.ts';
import { refuseDoubles } from './refuse-doubles.ts';
import { isService } from './service-folders.ts';
import { writeWorkerSettings } from './worker-settings.ts';

export interface DeployedServicesOptions {
  coreFolder: string;
  data: DataFolder;
  params: Record<string, string>;
  terminal: Terminal;
}

/** A service that has been read, and is being bundled. */
export interface LoadingService {
  service: LoadedService;
  bundling: Promise<BundleInFolder>;
}

/** The services that run, the core first, and the records of their stacks, which outlive a run. */
export class DeployedServices {
  readonly #options: DeployedServicesOptions;
  readonly #records: StackRecords;
  readonly #services = new Map<string, DeployedService>();
  #host: ServiceHost | undefined;
  #polling = false;

  constructor(options: DeployedServicesOptions) {
    this.#options = options;
    this.#records = new StackRecords(options.data.file('stacks.json'));
  }

  get loaded(): LoadedService[] {
    return [...this.#services.values()].map(({ service }) => service);
  }

  get mappings() {
    return [...this.#services.values()].flatMap(({ mappings }) => mappings);
  }

  get records() {
    return [...this.#services.values()].map(({ record }) => record);
  }

  /** What earlier runs have left. */
  get recorded() {
    return this.#records.services().flatMap((name) => this.#records.get(name) ?? []);
  }

  get core(): DeployedService | undefined {
    return [...this.#services.values()].find(
      ({ service }) => service.folder === this.#options.coreFolder,
    );
  }

  useHost(host: ServiceHost): void {
    this.#host = host;
  }

  /** Reads a service and begins to bundle it: esbuild has the other core meanwhile. */
  async load(folder: string): Promise<LoadingService> {
    const { params, data } = this.#options;
    const service = await loadService(folder, { params, region: data.marker.region });
    const bundling = bundleInFolder(service, data.file('bundles'));
    // awaited with the deployment
    bundling.catch(() => {});
    return { service, bundling };
  }

  async deploy({ service, bundling }: LoadingService): Promise<void> {
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
    const { data, terminal } = this.#options;
    for (const one of writeWorkerSettings(deployed.record, data.file('workers'), process.env)) {
      const settings = relative(process.cwd(), one.file);
      terminal.say(one.plugin, `runs in a container: npx baton worker FILE --settings ${settings}`);
    }
    if (this.#polling) deployed.poll();
  }

  /**
   * Begins to poll all queues, and those of later deployments from the first: orders that an earlier run has left would keep the
   * functions, and this machine, from the registrations for which the start waits.
   */
  poll(): void {
    this.#polling = true;
    for (const service of this.#services.values()) service.poll();
  }

  /** Services that were there in an earlier run and whose folders have gone. */
  async removeGone(): Promise<void> {
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

  async deployFolder(folder: string): Promise<boolean> {
    const { terminal } = this.#options;
    const since = performance.now();
    try {
      const loaded = await this.load(folder);
      const { service } = loaded;
      const earlier = this.#services.get(service.name);
      if (earlier && earlier.service.folder !== folder)
        refuseDoubles([...this.loaded.filter((other) => other.folder !== folder), service]);
      await this.deploy(loaded);
      const seconds = ((performance.now() - since) / 1000).toFixed(1);
      terminal.say(service.name, `${earlier ? 'deployed again' : 'deployed'} (${seconds} s)`);
      return true;
    } catch (error) {
      if (isService(folder)) terminal.problem(folder, oneLine(error));
      return false;
    }
  }

  async removeFolder(folder: string): Promise<void> {
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

  /** Hands a custom resource's request to the functions behind its ServiceToken, a topic or a function. */
  async deliver(serviceToken: string, request: CustomResourceRequest): Promise<void> {
    const { functions } = this.#requireHost();
    if (functions.has(serviceToken)) {
      await functions.invoke(serviceToken, request);
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
    for (const { functionName } of subscribers) await functions.invoke(functionName, event);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#services.values()].map((service) => service.stop()));
  }

  #requireHost(): ServiceHost {
    if (!this.#host) throw new Error('the local stack has not started');
    return this.#host;
  }
}
