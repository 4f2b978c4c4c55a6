import type { CoreService } from './core-service.ts';
import { CoreError } from './core-service.ts';

/** Parameters by which orders are traced. All are empty where they are not given. */
export interface TracingParameters {
  readonly otlpEndpoint: string;
  readonly otlpHeaders: string;
  readonly traceRatio: string | number;
  readonly otlpLayer: string;
  readonly otlpLayerConfig: string;
}

/** The functions that run the engine: each may end an attempt, a stage or an order. A test compares them with the handlers. */
export const TRACED_FUNCTIONS = ['orchestrate', 'sweep', 'bury', 'orders', 'operate'] as const;

/** Where a collector in a layer listens: https://opentelemetry.io/docs/platforms/faas/lambda-collector/ */
const LAYER_ENDPOINT = 'http://localhost:4318';

const LAYER = /^arn:aws[\w-]*:lambda:[\w-]+:\d{12}:layer:[\w-]+:\d+$/;

/** As OpenTelemetry's own variable has them; a percent sign begins two hexadecimal digits. */
const HEADERS = /^[\w-]+=([^,%]|%[\da-f]{2})*(,[\w-]+=([^,%]|%[\da-f]{2})*)*$/i;

/** Lets the functions send spans, if somebody has said where to. @throws {CoreError} */
export function addTracing({ functions }: CoreService, given: TracingParameters): void {
  const { otlpEndpoint, otlpHeaders, traceRatio, otlpLayer, otlpLayerConfig } = given;
  if (otlpEndpoint === '' && otlpLayer === '') {
    refuseAlone(given);
    return;
  }
  check(given);
  const variables = {
    BATON_OTLP_ENDPOINT: otlpEndpoint === '' ? LAYER_ENDPOINT : otlpEndpoint,
    ...(otlpHeaders !== '' && { BATON_OTLP_HEADERS: otlpHeaders }),
    ...(traceRatio !== '' && { BATON_TRACE_RATIO: String(traceRatio) }),
    // https://aws-otel.github.io/docs/getting-started/lambda/lambda-custom-configuration
    ...(otlpLayerConfig !== '' && { OPENTELEMETRY_COLLECTOR_CONFIG_URI: otlpLayerConfig }),
  };
  for (const name of TRACED_FUNCTIONS) {
    const before = functions[name] as { environment?: object; layers?: readonly string[] };
    functions[name] = {
      ...before,
      environment: { ...before.environment, ...variables },
      ...(otlpLayer !== '' && { layers: [...(before.layers ?? []), otlpLayer] }),
    };
  }
}

/** What says how spans are sent says nothing where none are. */
function refuseAlone({ otlpHeaders, traceRatio, otlpLayerConfig }: TracingParameters): void {
  const [name] = [
    ...(otlpHeaders === '' ? [] : ['otlp-headers']),
    ...(traceRatio === '' ? [] : ['trace-ratio']),
    ...(otlpLayerConfig === '' ? [] : ['otlp-layer-config']),
  ];
  if (name === undefined) return;
  throw new CoreError(`${name}: orders are traced only with otlp-endpoint or otlp-layer`);
}

function check({
  otlpEndpoint,
  otlpHeaders,
  traceRatio,
  otlpLayer,
  otlpLayerConfig,
}: TracingParameters): void {
  if (otlpEndpoint !== '' && !/^https?:$/.test(URL.parse(otlpEndpoint)?.protocol ?? '')) {
    throw new CoreError(
      `otlp-endpoint: "${otlpEndpoint}" is not an address, such as https://collector.example.com:4318`,
    );
  }
  if (otlpHeaders !== '' && !HEADERS.test(otlpHeaders)) {
    // It may hold a key, which does not belong into what is printed.
    throw new CoreError('otlp-headers: name=value, several separated by commas, percent-encoded');
  }
  if (traceRatio !== '' && !(Number(traceRatio) >= 0 && Number(traceRatio) <= 1)) {
    throw new CoreError(`trace-ratio: a number from 0 to 1, not "${traceRatio}"`);
  }
  if (otlpLayer !== '' && !LAYER.test(otlpLayer)) {
    throw new CoreError(`otlp-layer: "${otlpLayer}" is not the ARN of a version of a layer`);
  }
  if (otlpLayerConfig !== '' && otlpLayer === '') {
    throw new CoreError('otlp-layer-config: it is for the collector of otlp-layer');
  }
}
