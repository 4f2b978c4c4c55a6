import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse, parseAllDocuments } from 'yaml';
import { readBlock } from '../../infra/plugin-resources/block.ts';
import { HIDDEN_SECONDS } from '../../src/sdk/worker/hold-message.ts';
import {
  DEPLOYMENT,
  SCALED_OBJECT,
  SERVICE_ACCOUNT,
  TRIGGER_AUTHENTICATION,
} from './kubernetes-schemas.ts';

const read = (file: string) =>
  readFileSync(new URL(`../../examples/container/${file}`, import.meta.url), 'utf8');

const SCHEMAS = {
  Deployment: DEPLOYMENT,
  ScaledObject: SCALED_OBJECT,
  ServiceAccount: SERVICE_ACCOUNT,
  TriggerAuthentication: TRIGGER_AUTHENTICATION,
} as const;

interface Manifest {
  readonly kind: keyof typeof SCHEMAS;
  readonly metadata: { readonly name: string };
  // biome-ignore lint/suspicious/noExplicitAny: the schemas say what it is
  readonly spec: any;
}

const manifests = parseAllDocuments(read('kubernetes.yml')).map((one) => one.toJSON() as Manifest);
const ajv = new Ajv({ allErrors: true });
const faultsOf = (manifest: Manifest) => {
  ajv.validate(SCHEMAS[manifest.kind], manifest);
  return ajv.errorsText();
};
const of = (kind: keyof typeof SCHEMAS) => manifests.find((one) => one.kind === kind) as Manifest;

describe('kubernetes.yml', () => {
  it.each(manifests.map((one) => [one.kind, one] as const))('has a right %s', (_, manifest) => {
    expect(faultsOf(manifest)).toBe('No errors');
  });

  it.each([
    ['a field that nobody knows', { minReplicas: 0 }],
    ['a number as text', { minReplicaCount: '0' }],
    ['a trigger that lacks its settings', { triggers: [{ type: 'aws-sqs-queue' }] }],
    [
      'a setting that is no text',
      {
        triggers: [
          { type: 'aws-sqs-queue', metadata: { queueURL: 'u', awsRegion: 'r', queueLength: 5 } },
        ],
      },
    ],
  ])('would be refused with %s', (_, change) => {
    const scaled = of('ScaledObject');
    expect(faultsOf({ ...scaled, spec: { ...scaled.spec, ...change } })).not.toBe('No errors');
  });

  it('names the same things throughout', () => {
    const { spec } = of('ScaledObject');
    const deployment = of('Deployment');
    expect(spec.scaleTargetRef.name).toBe(deployment.metadata.name);
    expect(spec.triggers[0].authenticationRef.name).toBe(of('TriggerAuthentication').metadata.name);
    expect(deployment.spec.template.spec.serviceAccountName).toBe(
      of('ServiceAccount').metadata.name,
    );
    expect(deployment.spec.template.metadata.labels).toEqual(deployment.spec.selector.matchLabels);
  });

  it('asks for as many workers as the tasks need, and gives them more time than their grace', () => {
    const pod = of('Deployment').spec.template.spec;
    const { args } = pod.containers[0];
    const option = (name: string) => args[args.indexOf(name) + 1];
    expect(of('ScaledObject').spec.triggers[0].metadata.queueLength).toBe(option('--concurrency'));
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(Number(option('--grace')) + 20);
  });
});

it('compose.yml gives a worker more time than its grace, and hands on the settings', () => {
  const { render } = parse(read('compose.yml')).services;
  const grace = render.command[render.command.indexOf('--grace') + 1];
  expect(Number.parseInt(render.stop_grace_period, 10)).toBeGreaterThan(Number(grace) + 5);
  expect(Object.keys(render.environment)).toContain('BATON_WORKER');
});

it('the Dockerfile starts the worker itself, which so gets SIGTERM, on a Node that runs TypeScript', () => {
  const lines = read('Dockerfile').split('\n');
  expect(lines).toContain('FROM node:24-slim');
  expect(lines).toContain('COPY handler.ts ./');
  expect(lines).toContain('ENTRYPOINT ["node_modules/.bin/baton", "worker", "handler.ts"]');
});

it('the block expects a beat less often than a worker renews its messages', () => {
  const { functions } = parse(read('serverless.yml'));
  const { block } = readBlock('render', functions.render.baton) as {
    block: { heartbeatSeconds: number; runs: string };
  };
  expect(block.runs).toBe('container');
  expect(block.heartbeatSeconds).toBeGreaterThan(HIDDEN_SECONDS);
});
