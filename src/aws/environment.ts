import * as z from 'zod/mini';

const text = z.string().check(z.minLength(1, 'is empty'));
const url = z.url('must be a URL');
const share = z.coerce
  .number('must be a number')
  .check(z.minimum(0, 'is less than 0'), z.maximum(1, 'is more than 1'));
const arn = z.string().check(z.regex(/^arn:/, 'must be an ARN'));
/** Which facts about orders are published. Facts about plugins always are: a plugin that is switched off is woken by one. */
const lifecycle = z.enum(['all', 'ends', 'none'], 'must be all, ends or none');
/** Which of the plugins' gauges become metrics; the system's always do. */
const pluginMetrics = z.enum(['all', 'none'], 'must be all or none');
const count = z.coerce
  .number('must be a number')
  .check(z.int('must be a whole number'), z.minimum(0, 'must not be negative'));

/** Every variable of the core's functions: its field, its default if it has one, and its schema. */
const VARIABLES = {
  system: { variable: 'BATON_SYSTEM', default: 'baton', schema: text },
  stage: { variable: 'BATON_STAGE', default: 'dev', schema: text },
  tableName: { variable: 'BATON_TABLE_NAME', schema: text },
  orchestratorQueueUrl: { variable: 'BATON_ORCHESTRATOR_QUEUE_URL', schema: url },
  tasksTopicArn: { variable: 'BATON_TASKS_TOPIC_ARN', schema: arn },
  lifecycleTopicArn: { variable: 'BATON_LIFECYCLE_TOPIC_ARN', schema: arn },
  lifecycle: { variable: 'BATON_LIFECYCLE', default: 'all', schema: lifecycle },
  /** Only of `observe`. */
  pluginMetrics: { variable: 'BATON_PLUGIN_METRICS', default: 'all', schema: pluginMetrics },
  bucketName: { variable: 'BATON_BUCKET_NAME', schema: text },
  subscriptionSettlesSeconds: {
    variable: 'BATON_SUBSCRIPTION_SETTLES_SECONDS',
    default: '900',
    schema: count,
  },
  retentionDays: {
    variable: 'BATON_RETENTION_DAYS',
    default: '30',
    schema: count.check(z.minimum(1, 'is less than a day')),
  },
  maxInputBytes: {
    variable: 'BATON_MAX_INPUT_BYTES',
    default: '2621440',
    schema: count.check(z.minimum(1, 'is zero')),
  },
  /** Only of the functions that run the engine, and only where orders are traced. */
  otlpEndpoint: { variable: 'BATON_OTLP_ENDPOINT', default: '', schema: z.string() },
  otlpHeaders: { variable: 'BATON_OTLP_HEADERS', default: '', schema: z.string() },
  traceRatio: { variable: 'BATON_TRACE_RATIO', default: '1', schema: share },
  /** Only of `ingest`, and only where calls may wait for their orders. */
  answerFunction: { variable: 'BATON_ANSWER_FUNCTION', default: '', schema: z.string() },
  /** Only of the functions that serve operations and dead letters. */
  deadLetterQueueUrl: { variable: 'BATON_DEAD_LETTER_QUEUE_URL', default: '', schema: z.string() },
  operationsQueueUrl: { variable: 'BATON_OPERATIONS_QUEUE_URL', default: '', schema: z.string() },
} as const satisfies Record<string, { variable: string; default?: string; schema: z.ZodMiniType }>;

type Variables = typeof VARIABLES;

/** What the deployment tells the core's functions about themselves. */
export type Environment = {
  readonly [Field in keyof Variables]: z.output<Variables[Field]['schema']>;
};

let read: Environment | undefined;

/** The environment of this process, read once. @throws an error that names everything that is missing or malformed. */
export function environment(): Environment {
  read ??= readEnvironment(process.env);
  return read;
}

/** The environment that the variables describe. @throws an error that names everything that is missing or malformed. */
export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
): Environment {
  const fields: Record<string, unknown> = {};
  const complaints: string[] = [];
  for (const [field, entry] of Object.entries(VARIABLES)) {
    const value = variables[entry.variable] ?? ('default' in entry ? entry.default : undefined);
    if (value === undefined) {
      complaints.push(`${entry.variable} is not set`);
      continue;
    }
    const parsed = entry.schema.safeParse(value);
    if (parsed.success) fields[field] = parsed.data;
    else complaints.push(`${entry.variable} ${parsed.error.issues[0]?.message}: "${value}"`);
  }
  if (complaints.length > 0) throw new Error(`the environment: ${complaints.join('; ')}`);
  return fields as Environment;
}

/** What is wrong with a value of one of the variables above, if anything is. */
export function complaintAbout(variable: string, value: string): string | undefined {
  const entry = Object.values(VARIABLES).find((one) => one.variable === variable);
  return entry?.schema.safeParse(value).error?.issues[0]?.message;
}

/** The region that the function runs in; undefined on an imitation of AWS. */
export function homeRegion(
  variables: Readonly<Record<string, string | undefined>> = process.env,
): string | undefined {
  return localOrigins(variables).length > 0 ? undefined : variables.AWS_REGION;
}

/**
 * Where an imitation of AWS listens, from the variables that point the SDK at it (`AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_<SERVICE>`);
 * none on AWS itself.
 */
export function localOrigins(
  variables: Readonly<Record<string, string | undefined>> = process.env,
): readonly string[] {
  const urls = Object.entries(variables).flatMap(([name, url]) =>
    name.startsWith('AWS_ENDPOINT_URL') && url ? [new URL(url).origin] : [],
  );
  return [...new Set(urls)];
}
