import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { SNSEvent } from 'aws-lambda';
import { makeRegister } from '../../../src/app/registration/answer-stacks.ts';
import { finishDrains } from '../../../src/app/registration/drain-plugins.ts';
import { readDefinition } from '../../../src/contract/workflow-definition.ts';
import type { Quarantine } from '../../../src/core/quarantine.ts';
import { createMemoryBoundedPlugins } from '../../ports/memory/bounded-plugins.ts';
import { createMemoryDrains } from '../../ports/memory/drains.ts';
import { createMemoryInputSchemas } from '../../ports/memory/input-schemas.ts';
import { createMemoryPorts } from '../../ports/memory/ports.ts';
import { createMemoryPluginRecords } from '../../ports/memory/records.ts';
import { createMemoryRegistry } from '../../ports/memory/registry.ts';
import { createMemoryWorkflows } from '../../ports/memory/workflows.ts';
import { CONTEXT, MASTER, T0 } from '../system.ts';

export interface Answer {
  readonly contentType: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** An imitation of CloudFormation: what it hears, and with which status it answers. */
export function listen() {
  const cloudformation = { heard: [] as Answer[], status: 200, origin: '' };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const contentType = request.headers['content-type'];
    cloudformation.heard.push({ contentType, body: JSON.parse(text) });
    response.writeHead(cloudformation.status).end();
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cloudformation.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    cloudformation.heard.length = 0;
    cloudformation.status = 200;
  });
  return cloudformation;
}

export const STACK = 'arn:aws:cloudformation:eu-west-1:1:stack/arithmetic-dev';
export const STACK_ID = `${STACK}/51af3dc0-da77-11e4-872e-1234567db123`;
export const TOPIC = 'arn:aws:sns:eu-west-1:1:baton-dev-registrations';

export interface Asked {
  readonly type: 'Create' | 'Update' | 'Delete';
  readonly stackId?: string;
  readonly definition?: string;
  readonly physicalId?: string;
  /** The plugin after which the queue is called. Default: the definition's. */
  readonly queueOf?: string;
  /** It is about a Custom::BatonDrain. */
  readonly drain?: boolean;
  readonly logicalId?: string;
  readonly requestId?: string;
  /** When the topic took it. Default: a second after the one before it. */
  readonly sentAt?: number;
  /** Whatever else the request says. */
  readonly more?: object;
  /** The whole message, in place of a request. */
  readonly message?: string;
}

export type Registration = ReturnType<typeof createRegistration>;

/** The handler over ports in memory. */
export function createRegistration(cloudformation: ReturnType<typeof listen>) {
  const now = { at: T0 };
  /** What the lifecycle topic's subscribers hear. */
  const facts: object[] = [];
  let sent = 0;
  const registry = createMemoryRegistry();
  const inputSchemas = createMemoryInputSchemas();
  const quarantines = createMemoryPluginRecords<Quarantine>();
  const boundedPlugins = createMemoryBoundedPlugins();
  const workflows = createMemoryWorkflows();
  const drains = createMemoryDrains();
  /** What the plugin's queue holds. */
  const queue = { visible: 0, inFlight: 0, delayed: 0 };
  const queueGauges = {
    read: async (urls: readonly string[]) => new Map(urls.map((url) => [url, queue])),
  };
  const secret = { read: async () => ({ current: MASTER }) };
  const clock = () => now.at;
  const drainPorts = { registry, drains, queueGauges, clock };
  const { activeOrders, journal } = createMemoryPorts(clock);
  const sessions = { activeOrders, journal, workflows, clock };
  const handler = makeRegister({
    ...{
      inputSchemas,
      quarantines,
      boundedPlugins,
      workflows,
      ...drainPorts,
      masterSecret: secret,
    },
    lifecycle: { publish: async (fact: object) => void facts.push(fact) },
    localOrigins: [cloudformation.origin],
    pause: async (ms: number) => {
      now.at += ms;
    },
  });

  const ask = async (asked: Asked) => {
    sent += 1;
    const Timestamp = new Date(asked.sentAt ?? T0 + sent * 1000).toISOString();
    const Message = asked.message ?? JSON.stringify(requestOf(asked, cloudformation.origin, sent));
    const Sns = { TopicArn: TOPIC, MessageId: `message-${sent}`, Timestamp, Message };
    const before = cloudformation.heard.length;
    await handler({ Records: [{ Sns }] } as unknown as SNSEvent, CONTEXT);
    return cloudformation.heard[before]?.body;
  };

  return {
    ...{
      ask,
      registry,
      inputSchemas,
      quarantines,
      boundedPlugins,
      now,
      queue,
      drains,
      secret,
      facts,
    },
    ...{ activeOrders, journal },
    putWorkflow: (name: string, activities: object[]) =>
      workflows.put(readDefinition(name, { activities })),
    /** The sweep, so many seconds later. */
    async sweep(seconds: number) {
      now.at += seconds * 1000;
      await finishDrains({ ...drainPorts, sessions });
    },
  };
}

function requestOf(asked: Asked, origin: string, sent: number): object {
  const { type, stackId = STACK_ID, definition = '{"name": "A", "history": true}', drain } = asked;
  const { physicalId = drain ? 'drain/A' : 'plugin/A', requestId = `request-${sent}` } = asked;
  const { queueOf = nameIn(definition), logicalId = drain ? 'ADrain' : 'ARegistration' } = asked;
  const queue = `baton-dev-plugin-${queueOf}`;
  return {
    RequestType: type,
    ResponseURL: `${origin}/answer?signature=x`,
    StackId: stackId,
    RequestId: requestId,
    ResourceType: drain ? 'Custom::BatonDrain' : 'Custom::BatonPlugin',
    LogicalResourceId: logicalId,
    ...(type === 'Create' ? {} : { PhysicalResourceId: physicalId }),
    ResourceProperties: {
      ServiceToken: TOPIC,
      ...(drain
        ? { Plugin: 'A', Registration: 'ARegistration' }
        : {
            Definition: definition,
            QueueUrl: `https://sqs.eu-west-1.amazonaws.com/1/${queue}`,
            QueueArn: `arn:aws:sqs:eu-west-1:1:${queue}`,
          }),
    },
    ...asked.more,
  };
}

function nameIn(definition: string): string {
  return /"name": "([^"]+)"/.exec(definition)?.[1] ?? 'A';
}
