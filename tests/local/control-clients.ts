import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { ControlServer } from '../../infra/local/host/control-server.ts';
import { Functions } from '../../infra/local/lambda/functions.ts';
import type { EventSourceMapping } from '../../infra/local/mapping/event-source-mapping.ts';
import { sayUpdate } from '../../infra/local/monitoring/monitoring-host.ts';
import { monitoringWorld } from './monitoring-world.ts';

/** A control server over a local CloudWatch and mappings that the test sets, and SDK clients that talk to it. */
export async function controlWithClients(options: Parameters<typeof monitoringWorld>[0] = {}) {
  const world = monitoringWorld(options);
  const mappings: EventSourceMapping[] = [];
  const updates: (string | undefined)[] = [];
  const events = { output: () => {}, counted: () => {}, crashed: () => {}, failed: () => {} };
  const functions = new Functions(1, events);
  const server = await new ControlServer({
    functions,
    mappings: () => mappings,
    updated: ({ settings }, before) => updates.push(sayUpdate(settings, before)),
    monitoring: world.monitoring,
    about: {},
  }).start();
  const config = {
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  const lambda = new LambdaClient(config);
  const cloudWatch = new CloudWatchClient(config);
  const stop = () => {
    lambda.destroy();
    cloudWatch.destroy();
    server.stop();
  };
  return { ...world, functions, mappings, updates, lambda, cloudWatch, stop };
}

export type ControlWithClients = Awaited<ReturnType<typeof controlWithClients>>;
