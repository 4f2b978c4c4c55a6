import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createMappings } from '../../src/aws/mappings.ts';
import { createPluginMetrics } from '../../src/aws/plugin-metrics.ts';
import { connectMappingService } from '../../src/aws-calls/mapping-service.ts';
import { connectMetricService } from '../../src/aws-calls/metric-service.ts';
import type { Mappings } from '../../src/ports/mappings.ts';
import type { PluginMetrics } from '../../src/ports/plugin-metrics.ts';
import { T0 } from '../ports/entries.ts';
import { plugin } from '../ports/registry.contract.ts';
import { times } from '../ports/store.ts';

/** What arrived, and how the next calls are answered. */
interface Call {
  readonly what: string;
  readonly body: Query;
}

interface Query {
  readonly StartTime?: number;
  readonly EndTime?: number;
  readonly NextToken?: string;
  readonly MetricDataQueries?: readonly {
    readonly Id: string;
    readonly MetricStat: {
      readonly Metric: {
        readonly Namespace: string;
        readonly MetricName: string;
        readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
      };
      readonly Period: number;
      readonly Stat: string;
    };
  }[];
}

let calls: Call[] = [];
let answer: (call: Call) => { status?: number; type?: string; body: object };

const server = createServer(async (request, response) => {
  const received = await text(request);
  const target = request.headers['x-amz-target'];
  const what = target === undefined ? `${request.method} ${request.url}` : String(target);
  const call = { what, body: (received === '' ? {} : JSON.parse(received)) as Query };
  calls.push(call);
  const { status = 200, type, body } = answer(call);
  const error = type === undefined ? {} : { 'x-amzn-errortype': type };
  response.writeHead(status, { 'content-type': 'application/json', ...error });
  response.end(JSON.stringify(body));
});

let mappings: Mappings;
let metrics: PluginMetrics;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const options = {
    maxAttempts: 1,
    patience: { connectionTimeout: 60_000, requestTimeout: 60_000 },
    variables: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
  };
  mappings = createMappings(connectMappingService(options));
  metrics = createPluginMetrics(connectMetricService(options), 'baton-test', () => T0);
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  calls = [];
});

describe('an event source mapping', () => {
  const ARN = 'arn:aws:sqs:us-east-1:000000000000:baton-test-plugin-A';

  it.each([
    ['Enabled', true],
    ['Updating', true],
    ['Disabling', false],
    ['Disabled', false],
  ])('is found by its queue, %s', async (State, enabled) => {
    const ScalingConfig = { MaximumConcurrency: 4 };
    const found = { UUID: 'u-1', EventSourceArn: ARN, State, ScalingConfig };
    answer = () => ({ body: { EventSourceMappings: [found] } });
    expect(await mappings.of(ARN)).toEqual({ id: 'u-1', enabled, maximumConcurrency: 4 });
    expect(calls.map(({ what }) => what)).toEqual([
      `GET /2015-03-31/event-source-mappings?EventSourceArn=${encodeURIComponent(ARN)}`,
    ]);
  });

  it('that there is not is none', async () => {
    answer = () => ({ body: { EventSourceMappings: [] } });
    expect(await mappings.of(ARN)).toBeUndefined();
  });

  it('is moved and switched', async () => {
    answer = () => ({ status: 202, body: {} });
    expect(await mappings.setMaximumConcurrency('u-1', 8)).toBe('done');
    expect(await mappings.setEnabled('u-1', false)).toBe('done');
    const what = 'PUT /2015-03-31/event-source-mappings/u-1';
    expect(calls).toEqual([
      { what, body: { ScalingConfig: { MaximumConcurrency: 8 } } },
      { what, body: { Enabled: false } },
    ]);
  });

  it.each([
    ['ResourceInUseException', 400],
    ['ResourceConflictException', 409],
  ])('in the middle of another change (%s) is for later', async (type, status) => {
    answer = () => ({ status, type, body: { Message: 'busy' } });
    expect(await mappings.setEnabled('u-1', true)).toBe('later');
  });

  it('that may not be moved is an error', async () => {
    answer = () => ({ status: 403, type: 'AccessDeniedException', body: { Message: 'no' } });
    await expect(mappings.setEnabled('u-1', true)).rejects.toThrow('no');
  });
});

describe('the metrics of plugins', () => {
  const A = plugin('A', { functionName: 'baton-test-arithmetic-a' });
  const B = plugin('B');

  /** Values by `<metric> <plugin's queue, function or name>`, newest first. */
  const answering = (values: Readonly<Record<string, readonly number[]>>) => {
    answer = ({ body: { MetricDataQueries = [] } }) => ({
      body: {
        MetricDataResults: MetricDataQueries.map(({ Id, MetricStat: { Metric } }) => {
          const key = `${Metric.MetricName} ${Metric.Dimensions.at(-1)?.Value}`;
          const Values = values[key] ?? [];
          return { Id, Values, Timestamps: Values.map(() => T0 / 1000), StatusCode: 'Complete' };
        }),
      },
    });
  };
  const asked = () =>
    calls.flatMap(({ body }) =>
      (body.MetricDataQueries ?? []).map(({ MetricStat: { Metric, Period, Stat } }) => {
        const dimensions = Metric.Dimensions.map(({ Name, Value }) => `${Name}=${Value}`);
        return `${Metric.Namespace} ${Metric.MetricName} ${dimensions} ${Stat} ${Period}`;
      }),
    );

  it('are the newest age and instances, of all plugins in one call', async () => {
    answering({
      'ApproximateAgeOfOldestMessage baton-local-plugin-A': [75, 15],
      'ConcurrentExecutions baton-test-arithmetic-a': [4, 2],
    });
    expect(await metrics.gauges([A, B])).toEqual(
      new Map([
        ['A', { oldestSeconds: 75, instances: 4 }],
        ['B', { oldestSeconds: undefined, instances: undefined }],
      ]),
    );
    expect(calls).toMatchObject([
      {
        what: 'GraniteServiceVersion20100801.GetMetricData',
        body: { StartTime: T0 / 1000 - 300, EndTime: T0 / 1000, ScanBy: 'TimestampDescending' },
      },
    ]);
    expect(asked()).toEqual([
      'AWS/SQS ApproximateAgeOfOldestMessage QueueName=baton-local-plugin-A Maximum 60',
      'AWS/SQS ApproximateAgeOfOldestMessage QueueName=baton-local-plugin-B Maximum 60',
      'AWS/Lambda ConcurrentExecutions FunctionName=baton-test-arithmetic-a Maximum 60',
    ]);
  });

  it('are rates over the minutes that CloudWatch has heard of', async () => {
    answering({
      'NumberOfMessagesDeleted baton-local-plugin-A': [120, 0, 60],
      'TasksFailed A': [90],
      'Errors baton-test-arithmetic-a': [18],
    });
    expect(await metrics.throughput([A, B])).toEqual(
      new Map([
        ['A', { endedPerSecond: 1, failedPerSecond: 0.5, crashedPerSecond: 0.1 }],
        ['B', { endedPerSecond: 0, failedPerSecond: 0, crashedPerSecond: 0 }],
      ]),
    );
    expect(asked()).toContain('Baton TasksFailed System=baton-test,Plugin=A Sum 60');
  });

  it('tell who has worked within the time that each is asked for', async () => {
    answering({ 'NumberOfMessagesDeleted baton-local-plugin-B': [0, 1] });
    const working = await metrics.working([
      { plugin: A, withinSeconds: 600 },
      { plugin: B, withinSeconds: 3600 },
    ]);
    expect([...working]).toEqual(['B']);
    expect(calls.map(({ body }) => T0 / 1000 - (body.StartTime ?? 0))).toEqual([600, 3600]);
  });

  it('of many plugins come in calls of five hundred, and page by page', async () => {
    const pages = [{ NextToken: 'more', MetricDataResults: [] }, { MetricDataResults: [] }];
    answer = ({ body: { NextToken } }) => ({ body: pages[NextToken === undefined ? 0 : 1] ?? {} });
    await metrics.gauges(times(501, (index) => plugin(`p${index}`)));
    const counts = calls.map(({ body }) => body.MetricDataQueries?.length);
    expect(counts).toEqual([500, 500, 1, 1]);
  });
});
