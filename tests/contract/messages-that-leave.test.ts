import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { CloudEvent } from 'cloudevents';
import { asyncapiDocument } from '../../src/contract/asyncapi.ts';
import { cloudEventOf } from '../../src/contract/cloud-event.ts';
import { LIFECYCLE_FACTS } from '../../src/contract/lifecycle-facts.ts';
import type { OrderFact, PluginFact } from '../../src/core/command.ts';
import type { TokenFact } from '../../src/ports/lifecycle.ts';

const SOURCE = 'urn:baton:baton-test';
const AT = Date.parse('2026-11-21T08:00:00.000Z');

const order = {
  orderId: 'o-1',
  workflow: { name: 'photos', version: 3 },
  entry: 4,
  task: 'A#2',
  error: { code: 'NO', message: 'no' },
  actor: 'ada',
  reason: 'why not',
};
const held = { plugin: 'A', reason: 'it fails', since: AT };
const token = {
  kind: 'client',
  client: 'X',
  name: 'shop',
  prefix: 'baton_c_1',
  by: 'ada',
} as const;

/** One fact of each type: a type that is missing stops the compiler. */
const EXAMPLES: Readonly<Record<keyof typeof LIFECYCLE_FACTS, OrderFact | PluginFact | TokenFact>> =
  {
    'order.started': { type: 'order.started', ...order },
    'order.completed': { type: 'order.completed', ...order },
    'order.failed': { type: 'order.failed', ...order },
    'order.cancelled': { type: 'order.cancelled', ...order },
    'order.paused': { type: 'order.paused', ...order },
    'order.resumed': { type: 'order.resumed', ...order },
    'order.retried': { type: 'order.retried', ...order },
    'order.compensating': { type: 'order.compensating', ...order },
    'task.failed': { type: 'task.failed', ...order },
    'task.skipped': { type: 'task.skipped', ...order },
    'task.cancelled': { type: 'task.cancelled', ...order },
    'plugin.registered': { type: 'plugin.registered', plugin: 'A', owner: 'arn:stack' },
    'plugin.draining': { type: 'plugin.draining', plugin: 'A' },
    'plugin.removed': { type: 'plugin.removed', plugin: 'A' },
    'plugin.awaited': { type: 'plugin.awaited', plugin: 'A' },
    'plugin.quarantined': { type: 'plugin.quarantined', ...held },
    'plugin.reopened': { type: 'plugin.reopened', ...held },
    'plugin.bottleneck': {
      ...{ type: 'plugin.bottleneck', plugin: 'A', alarms: ['a'], since: AT, cause: 'slow' },
      ...{ timeToDrainSeconds: null, maximumConcurrency: 2 },
    },
    'plugin.bottleneck.cleared': {
      ...{ type: 'plugin.bottleneck.cleared', plugin: 'A', since: AT, clearedAt: AT },
    },
    'token.minted': { type: 'token.minted', ...token, expiresAt: AT },
    'token.revoked': { type: 'token.revoked', ...token },
  };

const document = asyncapiDocument() as {
  readonly channels: Readonly<
    Record<string, { readonly messages: Readonly<Record<string, { readonly payload: object }>> }>
  >;
  readonly components: { readonly schemas: object };
};

/** What a payload says against its schema in the AsyncAPI document. */
function faultsOf(channel: string, message: string, payload: unknown): string {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'document', components: document.components });
  const schema = document.channels[channel]?.messages[message]?.payload ?? { not: {} };
  const moved = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')) as object;
  ajv.validate(moved, payload);
  return ajv.errorsText();
}

describe('a fact that leaves the system', () => {
  it.each(Object.entries(EXAMPLES))('is a CloudEvent: %s', (type, fact) => {
    const event = cloudEventOf(fact, SOURCE, AT);
    const read = new CloudEvent<object>({ ...event }, true);
    expect(read.type).toBe(type);
    expect(read.toJSON()).toEqual(event);
    expect(faultsOf('lifecycle', type, event)).toBe('No errors');
    expect({ type, ...(event.data as object) }).toEqual(fact);
  });

  it('has the same id each time, if it is about an order; others are as old as they are told', () => {
    const id = (fact: Parameters<typeof cloudEventOf>[0], at = AT) =>
      cloudEventOf(fact, SOURCE, at).id;
    const failed = EXAMPLES['task.failed'];
    expect(id(failed, AT + 1)).toBe(id(failed));
    expect(id({ ...failed, task: 'B' })).not.toBe(id(failed));
    expect(id({ ...failed, entry: 5 })).not.toBe(id(failed));
    expect(id({ ...failed, type: 'order.failed' })).not.toBe(id(failed));
    const awaited = EXAMPLES['plugin.awaited'];
    expect(id(awaited, AT + 1)).not.toBe(id(awaited));
  });

  it('carries the trace as the extension for it has it', () => {
    const trace = { traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`, tracestate: 'a=b' };
    const event = cloudEventOf({ ...EXAMPLES['order.started'], ...trace }, SOURCE, AT);
    expect(event).toMatchObject(trace);
    expect(event.data).not.toHaveProperty('traceparent');
    expect(faultsOf('lifecycle', 'order.started', event)).toBe('No errors');
  });
});

describe('the AsyncAPI document', () => {
  it('is one of AsyncAPI 3', () => {
    const schema = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0.json') as object;
    // It brings the schema of JSON Schema itself along.
    const own = { meta: false, validateSchema: false } as const;
    const ajv = new Ajv({ ...own, strict: false, validateFormats: false, allErrors: true });
    ajv.validate(schema, asyncapiDocument());
    expect(ajv.errorsText()).toBe('No errors');
    const { channels, ...without } = asyncapiDocument() as Record<string, unknown>;
    expect(ajv.validate(schema, { ...without, channels: { ...(channels as object), x: 1 } })).toBe(
      false,
    );
  });

  it('lists every fact', () => {
    expect(Object.keys(document.channels.lifecycle?.messages ?? {})).toEqual(
      Object.keys(LIFECYCLE_FACTS),
    );
  });

  it('leads each reference somewhere', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)];
    expect(refs.length).toBeGreaterThan(5);
    for (const [, path = ''] of refs) {
      const target = path
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document);
      expect([path, target !== undefined]).toEqual([path, true]);
    }
  });

  it.each([
    ['lifecycle', 'order.started', cloudEventOf({ type: 'order.started' }, SOURCE, AT)],
    ['tasks', 'task', { orderId: 'o-1' }],
    ['answers', 'answers', { answers: [] }],
  ])('refuses what is no message of %s', (channel, message, payload) => {
    expect(faultsOf(channel, message, payload)).not.toBe('No errors');
  });
});
