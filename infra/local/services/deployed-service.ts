import type { Place } from '../cloudformation/resource.ts';
import { functionArn, removeResources, Stack, type World } from '../cloudformation/stack.ts';
import type { RecordedResource, StackRecord } from '../cloudformation/stack-record.ts';
import { type Routes, startRoutesAndSchedules } from '../host/routes-and-schedules.ts';
import { functionEnvironment } from '../lambda/function-environment.ts';
import type { Functions } from '../lambda/functions.ts';
import { EventSourceMapping, type MappingSource } from '../mapping/event-source-mapping.ts';
import { mappingsOfService } from '../mapping/mappings-of-service.ts';
import {
  subscribeFunction,
  subscriptionsOfService,
  type TopicSubscription,
} from '../mapping/topic-subscriptions.ts';
import type { Terminal } from '../terminal.ts';
import { type Bundle, bundleService } from './bundle-service.ts';
import type { LoadedService } from './load-service.ts';

export interface ServiceHost {
  world: Omit<World, 'stackName'>;
  functions: Functions;
  terminal: Terminal;
  /** Folder for the bundles of all services. */
  bundles: string;
  /** Port of the HTTP API; only the core has one. */
  port?: number;
  auth: boolean;
  queueUrl: (queueArn: string) => Promise<string>;
}

/** How long a service that goes may work on what is in its queues. */
const DRAIN_MS = 60_000;

/** A service that runs: its stack is provisioned, its functions are ready, its queues are polled. */
export class DeployedService {
  readonly service: LoadedService;
  readonly record: StackRecord;
  readonly subscriptions: TopicSubscription[];
  readonly #host: ServiceHost;
  readonly #bundle: Bundle;
  readonly #routes: Routes;
  #mappings: EventSourceMapping[];

  private constructor(parts: {
    service: LoadedService;
    record: StackRecord;
    subscriptions: TopicSubscription[];
    host: ServiceHost;
    bundle: Bundle;
    routes: Routes;
    mappings: EventSourceMapping[];
  }) {
    this.service = parts.service;
    this.record = parts.record;
    this.subscriptions = parts.subscriptions;
    this.#host = parts.host;
    this.#bundle = parts.bundle;
    this.#routes = parts.routes;
    this.#mappings = parts.mappings;
  }

  get mappings(): EventSourceMapping[] {
    return this.#mappings;
  }

  get url(): string | undefined {
    return this.#routes.url;
  }

  /** Deploys the service in place of `earlier`, which goes on working until the new one is ready. */
  static async deploy(
    service: LoadedService,
    host: ServiceHost,
    recorded: StackRecord | undefined,
    earlier: DeployedService | undefined,
  ): Promise<DeployedService> {
    const { functions, terminal, world } = host;
    const place: World = { ...world, stackName: service.stackName };
    const stack = new Stack(templateOf(service), place, recorded);
    const generation = `${service.name}-${Date.now().toString(36)}`;
    const bundling = bundleService(service, `${host.bundles}/${generation}`, {
      rebuilt: () =>
        void redeployFunctions().then(() => terminal.say(service.name, 'code changed')),
      failed: (reason) => terminal.problem(service.name, reason),
    });
    const [provisioned, bundled] = await Promise.allSettled([stack.provision(), bundling]);
    if (provisioned.status === 'rejected') {
      if (bundled.status === 'fulfilled') await bundled.value.dispose();
      throw provisioned.reason;
    }
    if (bundled.status === 'rejected') throw bundled.reason;
    const { value: record } = provisioned;
    const { value: bundle } = bundled;

    const redeployFunctions = async () => {
      for (const declared of service.functions) {
        const resolved = (await stack.resolve(declared.environment)) as Record<string, unknown>;
        const handler = bundle.handlers[declared.key];
        if (!handler) continue;
        const { key, name, timeoutSeconds, memoryMegabytes, reservedConcurrency } = declared;
        await functions.deploy({
          name,
          arn: functionArn(world, name),
          service: service.name,
          key,
          ...handler,
          environment: functionEnvironment(service, declared, resolved, process.env),
          timeoutSeconds,
          memoryMegabytes,
          ...(reservedConcurrency !== undefined && { reservedConcurrency }),
        });
      }
    };
    await redeployFunctions();

    const subscriptions = await subscriptionsOfService(service, stack);
    const sources = await mappingSources(service, stack, record, subscriptions, place, host);
    const routes = await startRoutesAndSchedules({
      service,
      auth: host.auth,
      ...(host.port !== undefined && { port: host.port }),
      invoke: (name, event) => functions.invoke(name, event),
      report: (problem) => terminal.problem(service.name, problem),
    });
    const mappings = sources.map((source) =>
      new EventSourceMapping(source, {
        sqs: world.clients.sqs,
        invoke: (arn, event) => functions.invoke(arn, event),
        report: (problem) => terminal.problem(service.name, problem),
      }).start(),
    );
    // what the earlier one has in flight may end in its own time
    void earlier?.retire(service);
    return new DeployedService({ service, record, subscriptions, host, bundle, routes, mappings });
  }

  /** Stops what the newer deployment of this service has taken over. */
  async retire(newer: LoadedService): Promise<void> {
    await this.stop();
    const kept = new Set(newer.functions.map(({ name }) => name));
    for (const { name } of this.service.functions)
      if (!kept.has(name)) await this.#host.functions.remove(name);
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
    return left;
  }

  /** Stops polling, routes and the watch on the code. */
  async stop(): Promise<void> {
    await Promise.all([
      ...this.#mappings.map((mapping) => mapping.stop()),
      this.#routes.stop(),
      this.#bundle.dispose(),
    ]);
    this.#mappings = [];
  }

  async #drain(): Promise<number> {
    const until = Date.now() + DRAIN_MS;
    for (;;) {
      const backlogs = await Promise.all(this.#mappings.map((mapping) => mapping.backlog()));
      const left = backlogs.reduce((sum, backlog) => sum + backlog, 0);
      if (left === 0 || Date.now() > until) return left;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Takes away the stack of a service whose code is gone. */
export async function removeStack(record: StackRecord, host: ServiceHost): Promise<void> {
  await removeResources(record.resources, { ...host.world, stackName: record.stackName });
}

async function mappingSources(
  service: LoadedService,
  stack: Stack,
  record: StackRecord,
  subscriptions: TopicSubscription[],
  place: Place,
  host: ServiceHost,
): Promise<MappingSource[]> {
  const arnOf = (nameOrArn: string) =>
    nameOrArn.startsWith('arn:') ? nameOrArn : functionArn(place, nameOrArn);
  const ofQueues = await mappingsOfService(service, stack, record, arnOf);
  const sources: MappingSource[] = [];
  for (const mapping of ofQueues)
    sources.push({ ...mapping, queueUrl: await host.queueUrl(mapping.queueArn) });
  for (const subscription of subscriptions)
    sources.push(await subscribeFunction(subscription, arnOf(subscription.functionName), place));
  return sources;
}

function templateOf(service: LoadedService) {
  const { name, folder, resources, conditions, functions } = service;
  const functionNames = Object.fromEntries(
    functions.map((declared) => [declared.logicalId, declared.name]),
  );
  return { name, folder, resources, conditions, functionNames };
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
