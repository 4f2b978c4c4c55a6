import { describe, expect, it } from '@jest/globals';
import type { CoreService } from '../../infra/core-resources/core-service.ts';
import {
  addOptionalParts,
  type OptionalParameters,
} from '../../infra/core-resources/optional-parts.ts';
import { coreSettings } from './core-settings.ts';

/** The route that takes what no other takes. */
const DEFAULT = { httpApi: { method: '*', path: '*', authorizer: { name: 'token' } } };

/** The core with these parameters. */
function coreWith(given: Partial<OptionalParameters>): CoreService {
  const core = coreSettings('dev', { given });
  const service: CoreService = {
    custom: { core },
    provider: { environment: {}, httpApi: {} },
    functions: { orchestrate: {}, ingest: {}, answer: {}, openapi: { events: [DEFAULT] } },
    resources: { Resources: {} },
  };
  addOptionalParts(service, core.given);
  return service;
}

describe('parameters of the core', () => {
  it('add nothing where they are not given', () => {
    const { custom: _, ...service } = coreWith({});
    expect(service).toEqual({
      provider: { environment: {}, httpApi: {} },
      functions: { orchestrate: {}, ingest: {}, answer: {}, openapi: { events: [DEFAULT] } },
      resources: { Resources: {} },
    });
  });

  it('alarm-email: a mail address gets the alarms', () => {
    expect(coreWith({ alarmEmail: 'ops@example.com' }).resources.Resources).toEqual({
      AlarmsEmail: {
        Type: 'AWS::SNS::Subscription',
        Properties: {
          TopicArn: { Ref: 'AlarmsTopic' },
          Protocol: 'email',
          Endpoint: 'ops@example.com',
        },
      },
    });
  });

  it('cors-origins: browsers of these origins may call, with a token and what makes a call repeatable', () => {
    const { provider, functions } = coreWith({
      corsOrigins: 'https://app.example.com, http://localhost:5173',
    });
    expect(provider.httpApi.cors).toMatchObject({
      allowedOrigins: ['https://app.example.com', 'http://localhost:5173'],
      allowedHeaders: [
        'Authorization',
        'Content-Type',
        'Idempotency-Key',
        'Traceparent',
        'Tracestate',
      ],
    });
    // Was: the preflight, which carries no token, got 401 from `$default`. Now: a route without authorizer.
    expect(functions.openapi).toEqual({ events: [DEFAULT, { httpApi: 'OPTIONS /{proxy+}' }] });
  });

  it('event-bus: a pipe brings all facts to the bus of that name, and may put events there only', () => {
    const bus = `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:event-bus/orders`;
    const arn = { 'Fn::Sub': bus };
    const { Resources } = coreWith({ eventBus: 'orders' }).resources;
    expect(Object.keys(Resources)).toEqual([
      ...['EventBusQueue', 'EventBusQueuePolicy', 'EventBusSubscription'],
      ...['EventBusRole', 'EventBusPipe'],
    ]);
    expect(Resources.EventBusPipe?.Properties).toMatchObject({
      Source: { 'Fn::GetAtt': ['EventBusQueue', 'Arn'] },
      Target: arn,
      TargetParameters: {
        EventBridgeEventBusParameters: { Source: 'baton.baton-dev', DetailType: '$.body.type' },
        InputTemplate: '<$.body>',
      },
    });
    expect(Resources.EventBusSubscription?.Properties).toMatchObject({ RawMessageDelivery: true });
    expect(Resources.EventBusRole?.Properties).toMatchObject({
      Policies: [
        { PolicyDocument: { Statement: [{}, { Action: 'events:PutEvents', Resource: arn }] } },
      ],
    });
  });

  it('orchestrate-reserve, ingest-reserve: instances are kept for them', () => {
    const { functions } = coreWith({ orchestrateReserve: '100', ingestReserve: '20' });
    expect(functions).toEqual({
      orchestrate: { reservedConcurrency: 100 },
      ingest: { reservedConcurrency: 20 },
      answer: {},
      openapi: { events: [DEFAULT] },
    });
  });

  it('direct-answers: so many calls may wait at once, and ingest knows whom to ask', () => {
    expect(coreWith({ directAnswers: '10' }).functions).toEqual({
      orchestrate: {},
      ingest: { environment: { BATON_ANSWER_FUNCTION: { Ref: 'AnswerLambdaFunction' } } },
      answer: { reservedConcurrency: 10 },
      openapi: { events: [DEFAULT] },
    });
    expect(coreWith({ directAnswers: 0 }).functions).toMatchObject({ ingest: {}, answer: {} });
  });

  it.each<[Partial<OptionalParameters>, string]>([
    [{ eventBus: 'my bus' }, 'event-bus: "my bus" is not the name of an event bus'],
    // Was: the pipe was refused in the middle of a deployment, which was rolled back. Now: before anything is sent.
    [
      { eventBus: 'arn:aws:events:eu-central-1:111122223333:event-bus/orders' },
      'is an ARN, and a pipe reaches only buses of this account and region: give the name of one',
    ],
    [{ alarmEmail: 'ops' }, 'alarm-email: "ops" is not a mail address'],
    [{ corsOrigins: 'example.com' }, 'cors-origins: "example.com" is not an origin'],
    [{ corsOrigins: 'https://a.example/' }, 'cors-origins: "https://a.example/" is not an origin'],
    [{ corsOrigins: 'https://a.example,,' }, 'cors-origins: "" is not an origin'],
    [{ ingestReserve: '0' }, 'ingest-reserve: a number of instances, 1 or more, not "0"'],
    [{ directAnswers: '-1' }, 'direct-answers: a number of calls, 0 or more, not "-1"'],
    [{ directAnswers: 'some' }, 'direct-answers: a number of calls, 0 or more, not "some"'],
    [{ ingestReserve: 'many' }, 'ingest-reserve: a number of instances, 1 or more, not "many"'],
    [{ orchestrateConcurrency: '1' }, 'orchestrate-concurrency: a number from 2 to 1000, not "1"'],
    ...['21', '-1', '0.5', 'long'].map(
      (given) =>
        [
          { orchestrateBatchingWindow: given },
          `orchestrate-batching-window: whole seconds from 0 to 20, not "${given}"`,
        ] as [Partial<OptionalParameters>, string],
    ),
    [{ orchestrateReserve: '99' }, '99 instances are fewer than orchestrate-concurrency, 100'],
  ])('%j is refused', (given, reason) => {
    expect(() => coreWith(given)).toThrow(reason);
  });
});
