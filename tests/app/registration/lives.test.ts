import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { logger } from '../../../src/app/logger.ts';
import type {
  CustomResourceRequest,
  Result,
} from '../../../src/app/registration/custom-resource.ts';
import { stackRequestOf } from '../../../src/app/registration/custom-resource.ts';
import { homeOf } from '../../../src/app/registration/home.ts';
import { register } from '../../../src/app/registration/register-plugin.ts';
import { retire } from '../../../src/app/registration/retire-plugin.ts';
import type { Quarantine } from '../../../src/core/quarantine.ts';
import { createMemoryBoundedPlugins } from '../../ports/memory/bounded-plugins.ts';
import { createMemoryDrains } from '../../ports/memory/drains.ts';
import { createMemoryInputSchemas } from '../../ports/memory/input-schemas.ts';
import { createMemoryPluginRecords } from '../../ports/memory/records.ts';
import { createMemoryRegistry } from '../../ports/memory/registry.ts';
import { createMemoryWorkflows } from '../../ports/memory/workflows.ts';
import { MASTER, T0 } from '../system.ts';
import { createRegistration, listen, STACK, TOPIC } from './registration-world.ts';

logger.setLogLevel('SILENT');
const cloudformation = listen();
const later = (seconds: number) => T0 + seconds * 1000;

describe("a plugin's life is told to whoever listens", () => {
  it('when it registers, changes, retires and goes; what changes nothing is not told', async () => {
    const { ask, facts } = createRegistration(cloudformation);
    await ask({ type: 'Create', sentAt: later(1), requestId: 'create' });
    await ask({ type: 'Create', sentAt: later(1), requestId: 'create' });
    await ask({ type: 'Update', definition: '{"name": "A", "history": false}', sentAt: later(2) });
    await ask({ type: 'Delete', drain: true, sentAt: later(3) });
    await ask({ type: 'Delete', sentAt: later(4) });
    await ask({ type: 'Delete', sentAt: later(5) });
    expect(facts).toEqual([
      { type: 'plugin.registered', plugin: 'A', owner: STACK },
      { type: 'plugin.registered', plugin: 'A', owner: STACK },
      { type: 'plugin.draining', plugin: 'A' },
      { type: 'plugin.removed', plugin: 'A' },
    ]);
  });

  it('and its stack is answered though nobody could be told', async () => {
    const { ask, facts } = createRegistration(cloudformation);
    facts.push = () => {
      throw new Error('the topic does not answer');
    };
    expect(await ask({ type: 'Create', sentAt: later(1) })).toMatchObject({ Status: 'SUCCESS' });
  });
});

describe('what belongs to an earlier life changes nothing', () => {
  // Was: the second delivery of the Delete unregistered a plugin that was deployed. Now: it belongs to the first life.
  it('Create, Delete, Create, and the same Delete again', async () => {
    const { ask, registry } = createRegistration(cloudformation);
    await ask({ type: 'Create', sentAt: later(1) });
    const removal = { type: 'Delete', sentAt: later(2), requestId: 'removal' } as const;
    await ask(removal);
    await ask({ type: 'Create', sentAt: later(3) });
    expect(await ask(removal)).toMatchObject({ Status: 'SUCCESS' });
    expect(await registry.find('A')).toBeDefined();
  });

  it('a Create that its stack has given up, after its Delete', async () => {
    const { ask, registry } = createRegistration(cloudformation);
    await ask({ type: 'Delete', sentAt: later(2), physicalId: 'arithmetic-dev-ARegistration-1X' });
    await ask({ type: 'Create', sentAt: later(1) });
    expect(await registry.find('A')).toBeUndefined();
  });

  it('an Update that has been rolled back', async () => {
    const { ask, registry } = createRegistration(cloudformation);
    const [old, changed] = ['{"name": "A"}', '{"name": "A", "timeoutSeconds": 5}'];
    await ask({ type: 'Create', definition: old, sentAt: later(1) });
    await ask({ type: 'Update', definition: old, sentAt: later(3) });
    await ask({ type: 'Update', definition: changed, sentAt: later(2) });
    expect(await registry.find('A')).toMatchObject({ timeoutSeconds: 3600 });
  });

  it('a drain, after its plugin was deployed again', async () => {
    const { ask, registry, drains } = createRegistration(cloudformation);
    await ask({ type: 'Create', sentAt: later(1) });
    const drain = { type: 'Delete', drain: true, sentAt: later(2), requestId: 'drain' } as const;
    await ask(drain);
    await ask({ type: 'Update', sentAt: later(3) });
    expect(await ask(drain)).toMatchObject({ Status: 'SUCCESS' });
    expect(await registry.find('A')).not.toHaveProperty('draining');
    expect(await drains.list()).toEqual([]);
  });

  it('the resource that another one of the same stack has taken the place of', async () => {
    const { ask, registry } = createRegistration(cloudformation);
    await ask({ type: 'Create', logicalId: 'OldRegistration' });
    await ask({ type: 'Create' });
    await ask({
      type: 'Delete',
      drain: true,
      logicalId: 'OldDrain',
      more: { ResourceProperties: { Plugin: 'A', Registration: 'OldRegistration' } },
    });
    await ask({ type: 'Delete', logicalId: 'OldRegistration' });
    expect(await registry.find('A')).toMatchObject({ name: 'A' });
    expect(await registry.find('A')).not.toHaveProperty('draining');
  });

  it('a drain that comes twice is answered once more, and does not wait from the beginning', async () => {
    const { ask, queue, drains, sweep } = createRegistration(cloudformation);
    await ask({ type: 'Create', sentAt: later(1) });
    queue.visible = 1;
    const drain = { type: 'Delete', drain: true, sentAt: later(2), requestId: 'drain' } as const;
    await ask(drain);
    const [first] = await drains.list();
    expect(await ask(drain)).toBeUndefined();
    expect(await drains.list()).toEqual([first]);
    queue.visible = 0;
    await sweep(60);
    expect(cloudformation.heard.at(-1)?.body).toMatchObject({ RequestId: 'drain' });
  });
});

/** A request, before its address is filled in. */
interface Asked extends Omit<CustomResourceRequest, 'ResponseURL' | 'ResourceProperties'> {
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: object;
  readonly sentAt: number;
}

/** A stack with one plugin, as CloudFormation runs it: one request at a time, until it hears an answer or gives up. */
class Stack {
  /** What CloudFormation believes: the version that is deployed. */
  believes: number | undefined;
  waitsFor: Asked | undefined;
  readonly #name: string;
  #incarnation = 0;

  constructor(name: string) {
    this.#name = name;
  }

  get owner(): string {
    return `${STACK}-${this.#name}`;
  }

  /** Creates what is not there. Updates, or takes down, what is. */
  next(version: number, removes: boolean, isNewStack: boolean): Partial<Asked> {
    if (this.believes === undefined) {
      if (isNewStack) this.#incarnation += 1;
      return this.#about('Create', version);
    }
    return removes ? this.#drain() : this.#about('Update', version);
  }

  /** @returns the request that follows from the answer, if any. */
  hear(result: Result | undefined): Partial<Asked> | undefined {
    const { waitsFor: asked } = this;
    this.waitsFor = undefined;
    if (asked === undefined) return undefined;
    if (asked.RequestType === 'Delete') {
      if (asked.ResourceType === 'Custom::BatonDrain') return this.#about('Delete', 0);
      this.believes = undefined;
      return undefined;
    }
    if (result !== undefined && 'data' in result) {
      this.believes = versionOf(asked);
      return undefined;
    }
    const refused = { PhysicalResourceId: result?.physicalId ?? 'x' };
    return asked.RequestType === 'Create'
      ? { ...this.#about('Delete', versionOf(asked)), ...refused }
      : undefined;
  }

  /** After an hour of silence. @returns what CloudFormation sends then. */
  giveUp(): Partial<Asked> | undefined {
    const { waitsFor: asked } = this;
    this.waitsFor = undefined;
    if (asked === undefined) return undefined;
    if (asked.RequestType === 'Delete') return asked;
    if (asked.RequestType === 'Update') return this.#about('Update', this.believes ?? 0);
    return {
      ...this.#about('Delete', versionOf(asked)),
      PhysicalResourceId: 'stack-ARegistration-1X',
    };
  }

  #about(RequestType: 'Create' | 'Update' | 'Delete', version: number): Partial<Asked> {
    const definition = { name: 'A', timeoutSeconds: version + 1 };
    return {
      RequestType,
      ...this.#identity('ARegistration', 'Custom::BatonPlugin'),
      ...(RequestType === 'Create' ? {} : { PhysicalResourceId: 'plugin/A' }),
      ResourceProperties: {
        Definition: JSON.stringify(definition),
        QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/baton-dev-plugin-A',
        QueueArn: 'arn:aws:sqs:eu-west-1:1:baton-dev-plugin-A',
      },
    } as Partial<Asked>;
  }

  #drain(): Partial<Asked> {
    return {
      RequestType: 'Delete',
      PhysicalResourceId: 'drain/A',
      ...this.#identity('ADrain', 'Custom::BatonDrain'),
      ResourceProperties: { Plugin: 'A', Registration: 'ARegistration' },
    } as Partial<Asked>;
  }

  #identity(LogicalResourceId: string, ResourceType: string) {
    return { StackId: `${this.owner}/${this.#incarnation}`, LogicalResourceId, ResourceType };
  }
}

function versionOf({ ResourceProperties }: Asked): number {
  const { Definition } = ResourceProperties as { readonly Definition: string };
  return JSON.parse(Definition).timeoutSeconds - 1;
}

/** Two stacks that want the same plugin, and the topic between them and the handler. */
class World {
  readonly registry = createMemoryRegistry();
  readonly stacks = [new Stack('x'), new Stack('y')] as const;
  /** All that was ever sent; what is here may be delivered, again and again. */
  readonly sent: { readonly stack: Stack; readonly asked: Asked; delivered: boolean }[] = [];
  readonly #ports = {
    inputSchemas: createMemoryInputSchemas(),
    quarantines: createMemoryPluginRecords<Quarantine>(),
    boundedPlugins: createMemoryBoundedPlugins(),
    ...{
      registry: this.registry,
      workflows: createMemoryWorkflows(),
      lifecycle: { publish: async () => undefined },
      drains: createMemoryDrains(),
    },
    ...{
      queueGauges: { read: async () => new Map() },
      masterSecret: { read: async () => ({ current: MASTER }) },
    },
    ...{ clock: () => T0, localOrigins: [] },
  };

  send(stack: Stack, request: Partial<Asked> | undefined): void {
    if (request === undefined) return;
    const number = this.sent.length + 1;
    const asked = { ...request, RequestId: `request-${number}`, sentAt: later(number) } as Asked;
    stack.waitsFor = asked;
    this.sent.push({ stack, asked, delivered: false });
  }

  async deliver(index: number, answerIsLost: boolean): Promise<void> {
    const message = this.sent[index];
    if (message === undefined) return;
    message.delivered = true;
    const { stack, asked } = message;
    const request = { ...asked, ResponseURL: 'https://x' } as CustomResourceRequest;
    const by = stackRequestOf(request, asked.sentAt);
    const result =
      request.RequestType === 'Delete'
        ? await retire(request, by, this.#ports)
        : await register(request, by, homeOf(TOPIC), this.#ports);
    if (stack.waitsFor?.RequestId !== asked.RequestId || answerIsLost) return;
    this.send(stack, stack.hear(result));
  }

  /** Lets every stack come to its end, and all messages arrive. */
  async settle(): Promise<void> {
    for (let index = 0; index < this.sent.length; index += 1) {
      const { stack, asked, delivered } = this.sent[index] as (typeof this.sent)[number];
      if (!delivered || stack.waitsFor?.RequestId === asked.RequestId)
        await this.deliver(index, false);
    }
  }
}

const step = fc.record({
  does: fc.constantFrom('ask', 'ask', 'deliver', 'deliver', 'deliver', 'redeliver', 'giveUp'),
  stack: fc.nat(1),
  pick: fc.nat(1000),
  removes: fc.boolean(),
  flag: fc.boolean(),
});

describe('whatever comes twice, late and out of order', () => {
  it('ends as CloudFormation believes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.infiniteStream(fc.nat(1000)),
        async (steps, picks) => {
          const world = new World();
          for (const { does, stack: which, pick, removes, flag } of steps) {
            const stack = world.stacks[which] as Stack;
            if (does === 'ask' && stack.waitsFor === undefined)
              world.send(stack, stack.next(pick, removes, flag));
            if (does === 'giveUp') world.send(stack, stack.giveUp());
            const waiting = world.sent.flatMap(({ delivered }, index) =>
              delivered ? [] : [index],
            );
            if (does === 'deliver')
              await world.deliver(waiting[pick % waiting.length] ?? -1, flag && removes);
            if (does === 'redeliver') await world.deliver(pick % world.sent.length, false);
          }
          await world.settle();
          const again = world.sent.map((_, index) => index);
          while (again.length > 0) {
            const [index] = again.splice((picks.next().value ?? 0) % again.length, 1);
            await world.deliver(index ?? 0, false);
          }
          const registered = await world.registry.find('A');
          const believing = world.stacks.filter(({ believes }) => believes !== undefined);
          expect(believing.map(({ owner, believes }) => [owner, believes])).toEqual(
            registered === undefined ? [] : [[registered.owner, registered.timeoutSeconds - 1]],
          );
          expect(registered ?? {}).not.toHaveProperty('draining');
        },
      ),
      { numRuns: 1500 },
    );
  });
});
