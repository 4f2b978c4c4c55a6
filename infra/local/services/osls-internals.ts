/** The parts of osls 4.3.1 that read a service, typed as far as we touch them; osls ships no types and is pinned exactly. */
import { createRequire } from 'node:module';
import { serviceVariable } from '../environment.ts';

export interface ServiceFunction {
  name: string;
  handler?: string;
  timeout?: number;
  memorySize?: number;
  reservedConcurrency?: number;
  environment?: Record<string, unknown>;
  events?: Record<string, unknown>[];
}

export interface ServerlessInstance {
  service: {
    service: string;
    provider: {
      region: string;
      runtime?: string;
      stackName?: string;
      environment?: Record<string, unknown>;
      timeout?: number;
      memorySize?: number;
      httpApi?: { cors?: boolean | { allowedOrigins?: string[] } };
    };
    custom?: { baton?: { bundle?: boolean }; esbuild?: Record<string, unknown> };
    resources?: {
      Resources?: Record<string, unknown>;
      Conditions?: Record<string, unknown>;
      Parameters?: Record<string, unknown>;
    };
    functions: Record<string, ServiceFunction>;
    getAllFunctions(): string[];
    getFunction(key: string): ServiceFunction;
    getAllEventsInFunction(key: string): Record<string, unknown>[];
    reloadServiceFileParam(): void;
    mergeArrays(): void;
    setFunctionNames(options: object): void;
  };
  pluginManager: {
    hooks: { initialize?: { hook: () => unknown }[] };
    addPlugin(Plugin: unknown): void;
  };
  readonly configurationInput: Configuration;
  readonly configSchemaHandler: {
    readonly schema: object;
    defineFunctionProperties(provider: string, schema: object): void;
  };
  getProvider(name: 'aws'): {
    naming: { getLambdaLogicalId(key: string): string; getStackName(): string };
  };
  init(): Promise<void>;
}

export interface Configuration {
  plugins?: string[] | { modules?: string[] };
  [key: string]: unknown;
}

type VariablesMeta = Map<string, { error?: Error }>;

interface Resolver {
  serviceDir: string;
  configuration: Configuration;
  variablesMeta: VariablesMeta;
  sources: Record<string, unknown>;
  options: object;
  fulfilledSources: Set<string>;
  isPropertyDeferred?: (path: string) => boolean;
}

const require = createRequire(import.meta.url);
const library = <Part>(path: string): Part => require(`serverless/lib/${path}`);

const Serverless = library<new (config: object) => ServerlessInstance>('serverless');
export const readConfiguration =
  library<(path: string) => Promise<Configuration>>('configuration/read');
const variablesMetaOf = library<(configuration: Configuration) => VariablesMeta>(
  'configuration/variables/resolve-meta',
);
const resolveVariables = library<(resolver: Resolver) => Promise<void>>(
  'configuration/variables/resolve',
);
const deferIrrelevantStageParams = library<
  (configuration: Configuration, resolver: Resolver) => (path: string) => boolean
>('configuration/variables/defer-irrelevant-stage-params');

/** `${env:NAME}`. */
const variableSource = {
  resolve: ({ address }: { address?: string }) => {
    if (!address) throw new Error('a variable of the source env has no name');
    return { value: serviceVariable(address) ?? null };
  },
};

/** Makes an instance and resolves all its variables, as scripts/serverless.js of osls does before it runs a command. */
export async function instanceOf(
  configuration: Configuration,
  folder: string,
  file: string,
  options: { stage: string; param: string[]; region: string },
): Promise<ServerlessInstance> {
  const variablesMeta = variablesMetaOf(configuration);
  const instance = new Serverless({
    configuration,
    serviceDir: folder,
    configurationFilename: file,
    command: 'package',
    commands: ['package'],
    options,
    variablesMeta,
  });
  const source = (name: string) => library<unknown>(`configuration/variables/sources/${name}`);
  const ofInstance = (name: string) =>
    library<(instance: ServerlessInstance) => unknown>(
      `configuration/variables/sources/instance-dependent/${name}`,
    )(instance);
  const sources = {
    env: variableSource,
    file: source('file'),
    opt: source('opt'),
    self: source('self'),
    strToBool: source('str-to-bool'),
    sls: ofInstance('get-sls'),
    param: ofInstance('param'),
  };
  const resolver: Resolver = {
    serviceDir: folder,
    configuration,
    variablesMeta,
    sources,
    options,
    fulfilledSources: new Set(Object.keys(sources)),
  };
  resolver.isPropertyDeferred = deferIrrelevantStageParams(configuration, resolver);
  await resolveVariables(resolver);
  for (const [path, { error }] of variablesMeta)
    if (!resolver.isPropertyDeferred(path))
      throw (
        error ??
        new Error(
          `the variable at ${path.replaceAll('\0', '.')} has a source that is not known locally (known: ${Object.keys(sources).join(', ')})`,
        )
      );
  await instance.init();
  instance.service.reloadServiceFileParam();
  instance.service.mergeArrays();
  instance.service.setFunctionNames(options);
  return instance;
}
