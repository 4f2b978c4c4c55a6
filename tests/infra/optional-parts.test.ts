import { describe, expect, it } from '@jest/globals';
import type { CoreService } from '../../infra/core-resources/core-service.ts';
import {
  addOptionalParts,
  type OptionalParameters,
} from '../../infra/core-resources/optional-parts.ts';
import { coreSettings } from './core-settings.ts';

/** The core with these parameters. */
function coreWith(given: Partial<OptionalParameters>): CoreService {
  const core = coreSettings('dev', { given });
  const service: CoreService = {
    custom: { core },
    provider: { environment: {}, httpApi: {} },
    functions: { orchestrate: {}, ingest: {} },
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
      functions: { orchestrate: {}, ingest: {} },
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
    const { httpApi } = coreWith({
      corsOrigins: 'https://app.example.com, http://localhost:5173',
    }).provider;
    expect(httpApi.cors).toMatchObject({
      allowedOrigins: ['https://app.example.com', 'http://localhost:5173'],
      allowedHeaders: [
        'Authorization',
        'Content-Type',
        'Idempotency-Key',
        'Traceparent',
        'Tracestate',
      ],
    });
  });

  it('orchestrate-reserve, ingest-reserve: instances are kept for them', () => {
    const { functions } = coreWith({ orchestrateReserve: '100', ingestReserve: '20' });
    expect(functions).toEqual({
      orchestrate: { reservedConcurrency: 100 },
      ingest: { reservedConcurrency: 20 },
    });
  });

  it.each<[Partial<OptionalParameters>, string]>([
    [{ alarmEmail: 'ops' }, 'alarm-email: "ops" is not a mail address'],
    [{ corsOrigins: 'example.com' }, 'cors-origins: "example.com" is not an origin'],
    [{ corsOrigins: 'https://a.example/' }, 'cors-origins: "https://a.example/" is not an origin'],
    [{ corsOrigins: 'https://a.example,,' }, 'cors-origins: "" is not an origin'],
    [{ ingestReserve: '0' }, 'ingest-reserve: a number of instances, 1 or more, not "0"'],
    [{ ingestReserve: 'many' }, 'ingest-reserve: a number of instances, 1 or more, not "many"'],
    [{ orchestrateConcurrency: '1' }, 'orchestrate-concurrency: a number from 2 to 1000, not "1"'],
    [{ orchestrateReserve: '99' }, '99 instances are fewer than orchestrate-concurrency, 100'],
  ])('%j is refused', (given, reason) => {
    expect(() => coreWith(given)).toThrow(reason);
  });
});
