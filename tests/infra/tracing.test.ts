import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { CoreService } from '../../infra/core-resources/core-service.ts';
import type { TracingParameters } from '../../infra/core-resources/tracing.ts';
import { addTracing, TRACED_FUNCTIONS } from '../../infra/core-resources/tracing.ts';
import { coreSettings } from './core-settings.ts';

const LAYER = 'arn:aws:lambda:eu-west-1:184161586896:layer:opentelemetry-collector-arm64-0_15_0:1';

/** The functions of a core with these parameters. */
function functionsWith(parameters: Partial<TracingParameters>) {
  const functions = {
    ...Object.fromEntries(TRACED_FUNCTIONS.map((name) => [name, { timeout: 30 }])),
    operate: { environment: { OWN: 'value' } },
    ingest: {},
  };
  const { given } = coreSettings('dev', { given: parameters });
  addTracing({ functions } as unknown as CoreService, given);
  return functions as Record<string, object>;
}

it('the functions that are traced are those that run the engine', () => {
  const handlers = globSync('src/handlers/*.ts', { cwd: new URL('../../', import.meta.url) });
  const running = handlers.filter((file) => readFileSync(file, 'utf8').includes('enginePorts('));
  const names = running.map((file) => file.replace(/^.*\/|\.ts$/g, ''));
  expect(names.toSorted()).toEqual([...TRACED_FUNCTIONS].toSorted());
});

describe('parameters of the core', () => {
  it('change nothing where orders are not traced', () => {
    expect(functionsWith({}).orchestrate).toEqual({ timeout: 30 });
  });

  it('otlp-endpoint, otlp-headers, trace-ratio: the functions of the engine know them, and no others', () => {
    const functions = functionsWith({
      otlpEndpoint: 'https://collector.example.com',
      otlpHeaders: 'x-key=a%20b,x-team=t',
      traceRatio: 0.1,
    });
    const variables = {
      BATON_OTLP_ENDPOINT: 'https://collector.example.com',
      BATON_OTLP_HEADERS: 'x-key=a%20b,x-team=t',
      BATON_TRACE_RATIO: '0.1',
    };
    expect(functions.orchestrate).toEqual({ timeout: 30, environment: variables });
    expect(functions.operate).toEqual({ environment: { OWN: 'value', ...variables } });
    expect(functions.ingest).toEqual({});
  });

  it('otlp-layer: a collector in a layer of each function, which sends to it', () => {
    const config = 's3://bucket.s3.eu-west-1.amazonaws.com/collector.yml';
    const { sweep } = functionsWith({ otlpLayer: LAYER, otlpLayerConfig: config });
    expect(sweep).toEqual({
      timeout: 30,
      environment: {
        BATON_OTLP_ENDPOINT: 'http://localhost:4318',
        OPENTELEMETRY_COLLECTOR_CONFIG_URI: config,
      },
      layers: [LAYER],
    });
  });

  it.each<[Partial<TracingParameters>, string]>([
    [{ otlpEndpoint: 'collector:4318' }, 'otlp-endpoint: "collector:4318" is not an address'],
    [{ otlpEndpoint: 'nonsense' }, 'otlp-endpoint: "nonsense" is not an address'],
    [{ otlpEndpoint: 'http://c', otlpHeaders: 'secret' }, 'otlp-headers: name=value'],
    [{ otlpEndpoint: 'http://c', otlpHeaders: 'key=50%' }, 'otlp-headers: name=value'],
    [{ otlpEndpoint: 'http://c', traceRatio: '2' }, 'trace-ratio: a number from 0 to 1, not "2"'],
    [{ otlpEndpoint: 'http://c', traceRatio: 'all' }, 'trace-ratio: a number from 0 to 1'],
    [{ otlpLayer: 'otel' }, 'otlp-layer: "otel" is not the ARN'],
    [
      { otlpEndpoint: 'http://c', otlpLayerConfig: 's3://x' },
      'it is for the collector of otlp-layer',
    ],
    [{ traceRatio: 0.5 }, 'trace-ratio: orders are traced only with otlp-endpoint'],
    [{ otlpHeaders: 'a=b' }, 'otlp-headers: orders are traced only with otlp-endpoint'],
  ])('%j is refused', (given, reason) => {
    expect(() => functionsWith(given)).toThrow(reason);
  });

  it('a header that is refused is not shown: it may be a key', () => {
    const wrong = { otlpEndpoint: 'http://c', otlpHeaders: 'secret' };
    expect(() => functionsWith(wrong)).not.toThrow(/secret/);
  });
});
