import { join } from 'node:path';
import type { QueueCalls } from '../../../src/aws-calls/queue-service.ts';
import { functionArn, removeResources, Stack, type World } from '../cloudformation/stack.ts';
import type { RecordedResource, StackRecord } from '../cloudformation/stack-record.ts';
import { type Routes, startRoutesAndSchedules } from '../host/routes-and-schedules.ts';
import { functionEnvironment } from '../lambda/function-environment.ts';
import type { Functions } from '../lambda/functions.ts';
import { oneLine } from '../local-error.ts';
import { EventSourceMapping, type MappingSource } from '../mapping/event-source-mapping.ts';
import { mappingsOfService } from '../mapping/mappings-of-service.ts';
import {
  subscriptionResources,
  subscriptionsOfService,
  type TopicSubscription,
} from '../mapping/topic-subscriptions.ts';
import type { Terminal } from '../terminal.ts';
import { type Bundle, bundleService, removeBundle } from './bundle-service.ts';
import type { LoadedService } from './load-service.ts';
import { refuseUnlikeBlocks } from './refuse-unlike-blocks.ts';
import { refuseWrongExports } from './refuse-wrong-exports.ts';
import { isService } from './service-folders.ts';
import { watchFiles } from './watch-files.ts';

export interface ServiceHost {
  world: Omit<World, 'stackName'>;
  /** For the pollers: the SDK's client takes twice the processor time for a call. */
  sqs: QueueCalls;
  functions: Functions;
  terminal: Terminal;
  /** Port of the HTTP API; only the core has one. */
  port?: number;
  auth: boolean;
  queueUrl: (queueArn: string) => Promise<string>;
}

export interface BundleInFolder {
  bundle: Bundle;
  folder: string;
}

/** How long a service that goes may work on what is in its queues. */
const DRAIN_MS = 60_000;

/** A service that runs: its stack is provisioned, its functions are ready, its queues are polled. */
export class DeployedService {
  readonly service: LoadedService;
  readonly record: StackRecord;
  readonly subscriptions: TopicSubscription[];
  readonly #host: ServiceHost;
  readonly #bundleFolder: string;
  readonly #watch: { stop: () => void };
  readonly #routes: Routes;
  #mappings: EventSourceMapping[];

  private constructor(parts: {
    service: LoadedService;
    record: StackRecord;
    subscriptions: TopicSubscription[];
    host: ServiceHost;
    bundleFolder: string;
    watch: { stop: () => void };
    routes: Routes;
    mappings: EventSourceMapping[];
  }) {
    this.service = parts.service;
    this.record = parts.record;
    this.subscriptions = parts.subscriptions;
    this.#host = parts.host;
    this.#bundleFolder = parts.bundleFolder;
    this.#watch = parts.watch;
    this.#routes = parts.routes;
    this.#mappings = parts.mappings;
  }

  get mappings(): EventSourceMapping[] {
    return this.#mappings;
  }

  get url(): string | undefined {
    return this.#routes.url;
  }

  /** Deploys the service in place of `earlier`, which goes on working until the new one is ready. Its queues are not polled yet. */
  static async deploy(
    service: LoadedService,
    bundling: Promise<BundleInFolder>,
    host: ServiceHost,
    recorded: StackRecord | undefined,
    earlier: DeployedService | undefined,
  ): Promise<DeployedService> {
    const { functions, terminal, world } = host;
    const place: World = { ...world, stackName: service.stackName };
    const stack = new Stack(templateOf(service), place, recorded);
    const [provisioned, bundled] = await Promise.allSettled([stack.provision(), bundling]);
    if (provisioned.status === 'rejected') throw provisioned.reason;
    if (bundled.status === 'rejected') throw bundled.reason;
    const { value: record } = provisioned;
    const { bundle, folder } = bundled.value;
    await deployFunctions(service, stack, bundle, host);
    const watch = watchFiles(bundle.sources, async () => {
      try {
        const rebuilt = await checkedBundle(service, folder);
        await deployFunctions(service, stack, rebuilt, host);
        terminal.say(service.name, 'code changed');
        return rebuilt.sources;
      } catch (error) {
        if (isService(service.folder)) terminal.problem(service.name, oneLine(error));
        return bundle.sources;
      }
    });

    const arnOf = (nameOrArn: string) =>
      nameOrArn.startsWith('arn:') ? nameOrArn : functionArn(world, nameOrArn);
    const subscriptions = await subscriptionsOfService(service, stack, record, arnOf);
    const sources = subscriptions.map(({ mapping }): MappingSource => mapping);
    for (const mapping of await mappingsOfService(service, stack, record, arnOf))
      sources.push({ ...mapping, queueUrl: await host.queueUrl(mapping.queueArn) });
    const routes = await startRoutesAndSchedules({
      service,
      auth: host.auth,
      ...(host.port !== undefined && { port: host.port }),
      invoke: (name, event) => functions.invoke(name, event),
      report: (problem) => terminal.problem(service.name, problem),
    });
    const mappings = sources.map(
      (source) =>
        new EventSourceMapping(source, {
          sqs: host.sqs,
          invoke: (arn, event) => functions.invoke(arn, event),
          report: (problem) => terminal.problem(service.name, problem),
        }),
    );
    // what the earlier one has in flight may end in its own time
    void earlier?.retire(service);
    return new DeployedService({
      service,
      record,
      subscriptions,
      host,
      bundleFolder: folder,
      watch,
      routes,
      mappings,
    });
  }

  /** Begins to poll its queues. */
  poll(): void {
    for (const mapping of this.#mappings) mapping.start();
  }

  /** Stops what the newer deployment of this service has taken over. */
  async retire(newer: LoadedService): Promise<void> {
    await this.stop();
    const kept = new Set(newer.functions.map(({ name }) => name));
    for (const { name } of this.service.functions)
      if (!kept.has(name)) await this.#host.functions.remove(name);
    removeBundle(this.#bundleFolder);
  }

  /** Takes the service away: no new work, what is queued is done, then the resources go. Answers with what was left. */
  async remove(): Promise<number> {
    const world: World = { ...this.#host.world, stackName: this.service.stackName };
    const [first, then] = inTwo(this.record.resources);
    await removeResources(first, world);
    const left = await this.#drain();
    await this.stop();
    for (const { name } of this.service.functions) await this.#host.functions.remove(name);
    await removeResources(then, world);
    removeBundle(this.#bundleFolder);
    return left;
  }

  /** Stops polling, routes and the watch on the code. */
  async stop(): Promise<void> {
    this.#watch.stop();
    await Promise.all([...this.#mappings.map((mapping) => mapping.stop()), this.#routes.stop()]);
    this.#mappings = [];
  }

  /** Waits until the queues are empty, twice in a row: a message may be on its way to the dead-letter queue. */
  async #drain(): Promise<number> {
    const until = Date.now() + DRAIN_MS;
    let emptyLooks = 0;
    for (;;) {
      const backlogs = await Promise.all(this.#mappings.map((mapping) => mapping.backlog()));
      const left = backlogs.reduce((sum, backlog) => sum + backlog, 0);
      emptyLooks = left === 0 ? emptyLooks + 1 : 0;
      if (emptyLooks === 2 || Date.now() > until) return left;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Bundles a service into a folder of its own, which no earlier instance is still reading. */
export async function bundleInFolder(
  service: LoadedService,
  bundles: string,
): Promise<BundleInFolder> {
  const folder = join(bundles, `${service.name}-${Date.now().toString(36)}`);
  return { folder, bundle: await checkedBundle(service, folder) };
}

async function checkedBundle(service: LoadedService, folder: string): Promise<Bundle> {
  const bundle = await bundleService(service, folder);
  await refuseWrongExports(service, bundle, folder);
  await refuseUnlikeBlocks(service, bundle, folder);
  return bundle;
}

async function deployFunctions(
  service: LoadedService,
  stack: Stack,
  { handlers }: Bundle,
  { functions, world }: ServiceHost,
): Promise<void> {
  for (const declared of service.functions) {
    const resolved = (await stack.resolve(declared.environment)) as Record<string, unknown>;
    const { key, name, timeoutSeconds, memoryMegabytes, reservedConcurrency } = declared;
    const handler = handlers[key];
    if (!handler) continue;
    await functions.deploy({
      name,
      arn: functionArn(world, name),
      service: service.name,
      key,
      label: String(resolved.BATON_PLUGIN ?? key),
      ...handler,
      environment: functionEnvironment(service, declared, resolved, process.env),
      timeoutSeconds,
      memoryMegabytes,
      ...(reservedConcurrency !== undefined && { reservedConcurrency }),
    });
  }
}

/** Takes away the stack of a service whose code is gone. */
export async function removeStack(record: StackRecord, host: ServiceHost): Promise<void> {
  await removeResources(record.resources, { ...host.world, stackName: record.stackName });
}

function templateOf(service: LoadedService) {
  const { name, folder, resources, conditions, parameters, functions } = service;
  const functionNames = Object.fromEntries(
    functions.map((declared) => [declared.logicalId, declared.name]),
  );
  return {
    name,
    folder,
    resources: { ...resources, ...subscriptionResources(service) },
    conditions,
    parameters,
    functionNames,
  };
}

/** What brings work, and what holds it. */
function inTwo(resources: Record<string, RecordedResource>) {
  const bringsWork = ({ type }: RecordedResource) =>
    type.startsWith('Custom::') || type === 'AWS::SNS::Subscription';
  const entries = Object.entries(resources);
  return [
    Object.fromEntries(entries.filter(([, resource]) => bringsWork(resource))),
    Object.fromEntries(entries.filter(([, resource]) => !bringsWork(resource))),
  ] as const;
}
