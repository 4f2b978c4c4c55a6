/** What a plugin's function is told by its environment; `batonflow/plugin-resources` sets all of it. */
export interface PluginEnvironment {
  /** The name under which the plugin is registered. */
  readonly plugin: string;
  /** The key that signs the plugin's answers; it came with the registration. */
  readonly key: string;
  /** Where answers go. */
  readonly orchestratorQueueUrl: string;
  /** The plugin's own queue, where its tasks come from. */
  readonly queueUrl: string;
  /** The core's HTTP API, which is asked whether an attempt is still open (`checkBeforeStart`). */
  readonly apiUrl: string;
  /** The core's bucket: what is too large for messages lies there. */
  readonly bucket: string;
  /** The plugin's block says `compensates: true`. */
  readonly compensates: boolean;
  /** The instance of the function, in eight characters; absent where nothing names its log stream. */
  readonly instance: string | undefined;
}

const VARIABLES = {
  plugin: 'BATON_PLUGIN',
  key: 'BATON_PLUGIN_KEY',
  orchestratorQueueUrl: 'BATON_ORCHESTRATOR_QUEUE_URL',
  queueUrl: 'BATON_QUEUE_URL',
  apiUrl: 'BATON_API_URL',
  bucket: 'BATON_BUCKET_NAME',
} as const satisfies Record<Exclude<keyof PluginEnvironment, 'compensates' | 'instance'>, string>;

/**
 * Baton's variables of a plugin's function, all at once. (Region, credentials and endpoints are read at each call: src/aws-calls; a callback
 * made elsewhere reads BATON_API_URL alone: callbacks.ts.)
 * @throws {Error} that names every variable that is missing
 */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): PluginEnvironment {
  const missing = Object.values(VARIABLES).filter((name) => !variables[name]);
  if (missing.length > 0) {
    throw new Error(
      `not set: ${missing.join(', ')}. The Serverless plugin batonflow/plugin-resources sets them for a function with a baton: block; a container finds them in BATON_WORKER.`,
    );
  }
  const read = Object.entries(VARIABLES).map(([field, name]) => [field, variables[name]]);
  const compensates = variables.BATON_COMPENSATES === 'true';
  const instance = instanceIn(variables.AWS_LAMBDA_LOG_STREAM_NAME);
  return { ...Object.fromEntries(read), compensates, instance } as unknown as PluginEnvironment;
}

/** `2026/11/26/[$LATEST]5f0e…` is the instance `5f0e…`. Its first eight characters tell a function's instances apart, and are kept with each attempt. */
function instanceIn(logStream: string | undefined): string | undefined {
  return logStream?.match(/[^\]/]+$/)?.[0].slice(0, 8);
}
