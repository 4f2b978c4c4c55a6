import { createHash } from 'node:crypto';
import type { Stack } from '../cloudformation/stack.ts';
import type { StackRecord } from '../cloudformation/stack-record.ts';
import type { DeclaredFunction, LoadedService } from '../services/load-service.ts';
import type { MappingSource } from './event-source-mapping.ts';

type WithoutUrl = Omit<MappingSource, 'queueUrl'>;

interface MappingProperties {
  EventSourceArn: string;
  FunctionName: string;
  BatchSize?: number | string;
  Enabled?: boolean | string;
  MaximumBatchingWindowInSeconds?: number | string;
  ScalingConfig?: { MaximumConcurrency?: number | string };
  FunctionResponseTypes?: string[];
}

interface SqsEvent {
  arn: unknown;
  batchSize?: number;
  enabled?: boolean;
  functionResponseType?: string;
  maximumBatchingWindow?: number;
  maximumConcurrency?: number;
}

/** The event source mappings of a service: of its functions' `sqs` events, and those that stand in its resources. */
export async function mappingsOfService(
  service: LoadedService,
  stack: Stack,
  record: StackRecord,
  arnOf: (functionNameOrArn: string) => string,
): Promise<WithoutUrl[]> {
  const mappings: WithoutUrl[] = [];
  for (const declared of service.functions)
    for (const { sqs } of declared.events)
      if (sqs) mappings.push(await ofEvent(sqs as SqsEvent | string, declared, stack, arnOf));
  for (const { type, properties } of Object.values(record.resources))
    if (type === 'AWS::Lambda::EventSourceMapping')
      mappings.push(ofProperties(properties as unknown as MappingProperties, arnOf));
  return mappings;
}

async function ofEvent(
  event: SqsEvent | string,
  { name }: DeclaredFunction,
  stack: Stack,
  arnOf: (nameOrArn: string) => string,
): Promise<WithoutUrl> {
  const { arn, ...options } = typeof event === 'string' ? { arn: event } : event;
  const sqs: Omit<SqsEvent, 'arn'> = options;
  return ofProperties(
    {
      EventSourceArn: String(await stack.resolve(arn)),
      FunctionName: name,
      Enabled: sqs.enabled ?? true,
      BatchSize: sqs.batchSize ?? 10,
      MaximumBatchingWindowInSeconds: sqs.maximumBatchingWindow ?? 0,
      ...(sqs.maximumConcurrency !== undefined && {
        ScalingConfig: { MaximumConcurrency: sqs.maximumConcurrency },
      }),
      FunctionResponseTypes: sqs.functionResponseType ? [sqs.functionResponseType] : [],
    },
    arnOf,
  );
}

function ofProperties(
  properties: MappingProperties,
  arnOf: (nameOrArn: string) => string,
): WithoutUrl {
  const functionArn = arnOf(properties.FunctionName);
  const { EventSourceArn: queueArn, ScalingConfig } = properties;
  const maximum = ScalingConfig?.MaximumConcurrency;
  return {
    id: uuidOf(`${queueArn} ${functionArn}`),
    queueArn,
    functionArn,
    enabled: String(properties.Enabled ?? true) === 'true',
    batchSize: Number(properties.BatchSize ?? 10),
    batchingWindowSeconds: Number(properties.MaximumBatchingWindowInSeconds ?? 0),
    maximumConcurrency: maximum === undefined ? undefined : Number(maximum),
    reportBatchItemFailures:
      properties.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
  };
}

/** The same mapping has the same UUID in every run. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20, 32),
  ].join('-');
}
