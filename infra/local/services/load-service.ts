import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { bundlerSettings } from '../../plugin-resources/bundler-settings.ts';
import type { ResourceDeclaration } from '../cloudformation/resource.ts';
import type { ParameterDeclaration } from '../cloudformation/stack.ts';
import { LocalError, oneLine } from '../local-error.ts';
import {
  type Configuration,
  instanceOf,
  readConfiguration,
  type ServerlessInstance,
} from './osls-internals.ts';
import { refuseFaultyFile } from './refuse-faulty-file.ts';

/** A function as its service declares it; intrinsic functions are not yet resolved. */
export interface DeclaredFunction {
  key: string;
  name: string;
  logicalId: string;
  handler: string;
  timeoutSeconds: number;
  memoryMegabytes: number;
  reservedConcurrency?: number;
  environment: Record<string, unknown>;
  events: Record<string, unknown>[];
}

/** A service with its variables resolved and its own plugins' additions in place, as it would be packaged. */
export interface LoadedService {
  name: string;
  folder: string;
  stackName: string;
  region: string;
  resources: Record<string, ResourceDeclaration>;
  conditions: Record<string, unknown>;
  parameters: Record<string, ParameterDeclaration>;
  functions: DeclaredFunction[];
  /** Settings for serverless-esbuild. */
  esbuild: Readonly<Record<string, unknown>>;
  instance: ServerlessInstance;
}

export const CONFIGURATION_FILE = 'serverless.yml';

/** Lambda's and osls's defaults: https://github.com/oss-serverless/osls/blob/main/docs/guides/functions.md */
const DEFAULT_TIMEOUT_SECONDS = 6;
const DEFAULT_MEMORY_MEGABYTES = 1024;

/** What these do is done here: bundling by bundle-service.ts, routes and schedules by host/. */
const ESBUILD = 'serverless-esbuild';
const PLUGINS_PLAYED = new Set([ESBUILD, 'serverless-offline']);

/** What serverless-esbuild allows in a function: https://github.com/floydspace/serverless-esbuild/blob/master/src/index.ts */
const ESBUILD_OF_A_FUNCTION = { properties: { skipEsbuild: { type: 'boolean' } } };

const PLUGIN_RESOURCES = 'batonflow/plugin-resources';

/** Events that are provided locally. */
const EVENTS = new Set(['httpApi', 'schedule', 'sns', 'sqs']);

/** Reads the service in `folder` for stage `local`, with osls's own machinery, in this process. */
export async function loadService(
  folder: string,
  options: { params: Record<string, string>; region: string },
): Promise<LoadedService> {
  const path = join(folder, CONFIGURATION_FILE);
  const named = join(basename(folder), CONFIGURATION_FILE);
  if (!existsSync(path)) throw new LocalError(`The folder ${folder} has no ${CONFIGURATION_FILE}.`);
  try {
    const configuration = await readConfiguration(path);
    const plugins = takePlugins(configuration);
    const usesPluginResources = plugins.includes(PLUGIN_RESOURCES);
    const instance = await instanceOf(configuration, folder, CONFIGURATION_FILE, {
      stage: 'local',
      param: Object.entries(options.params).map(([name, value]) => `${name}=${value}`),
      region: options.region,
    });
    refuseName(instance.service.service);
    if (usesPluginResources) {
      const { PluginResources } = await import('../../plugin-resources/plugin-resources.ts');
      instance.pluginManager.addPlugin(PluginResources);
    }
    const settings = usesPluginResources && bundlerSettings({ ...instance.service, plugins });
    if (settings || plugins.includes(ESBUILD))
      instance.configSchemaHandler.defineFunctionProperties('aws', ESBUILD_OF_A_FUNCTION);
    refuseFaultyFile(instance, named);
    for (const { hook } of instance.pluginManager.hooks.initialize ?? []) await hook();
    return describe(instance, folder, options.region, settings || instance.service.custom?.esbuild);
  } catch (error) {
    if (error instanceof LocalError) throw error;
    throw new LocalError(`${named}: ${oneLine(error)}`);
  }
}

/**
 * Leaves in the configuration the plugins that osls is to load. `batonflow/plugin-resources` is added by hand, since a
 * service outside of this repository has no package `batonflow` of its own. @returns all that were named
 */
function takePlugins(configuration: Configuration): readonly string[] {
  const { plugins = [] } = configuration;
  const modules = Array.isArray(plugins) ? plugins : (plugins.modules ?? []);
  configuration.plugins = modules.filter(
    (plugin) => !PLUGINS_PLAYED.has(plugin) && plugin !== PLUGIN_RESOURCES,
  );
  return modules;
}

/** osls asks the same when it packages: https://github.com/oss-serverless/osls/blob/main/lib/config-schema.js. It names a folder. */
function refuseName(name: string): void {
  if (!/^[a-zA-Z][0-9a-zA-Z-]+$/.test(name))
    throw new LocalError(
      `The service name ${name} is none: it begins with a letter and goes on with letters, digits and hyphens.`,
    );
}

function describe(
  instance: ServerlessInstance,
  folder: string,
  region: string,
  esbuild: Readonly<Record<string, unknown>> = {},
): LoadedService {
  const { service } = instance;
  const { provider } = service;
  const { naming } = instance.getProvider('aws');
  const functions = service.getAllFunctions().map((key): DeclaredFunction => {
    const declared = service.getFunction(key);
    const { name, handler, reservedConcurrency, events = [] } = declared;
    if (!handler)
      throw new LocalError(`Service ${service.service}: the function ${key} has no handler.`);
    const unknown = events.flatMap(Object.keys).find((type) => !EVENTS.has(type));
    if (unknown)
      throw new LocalError(
        `Service ${service.service}: the function ${key} has an event of type ${unknown}, which the local stack does not provide.`,
      );
    return {
      key,
      name,
      handler,
      events,
      logicalId: naming.getLambdaLogicalId(key),
      timeoutSeconds: Number(declared.timeout ?? provider.timeout ?? DEFAULT_TIMEOUT_SECONDS),
      memoryMegabytes: Number(
        declared.memorySize ?? provider.memorySize ?? DEFAULT_MEMORY_MEGABYTES,
      ),
      ...(reservedConcurrency !== undefined && { reservedConcurrency }),
      environment: { ...provider.environment, ...declared.environment },
    };
  });
  return {
    name: service.service,
    folder,
    stackName: provider.stackName ?? naming.getStackName(),
    region,
    resources: (service.resources?.Resources ?? {}) as Record<string, ResourceDeclaration>,
    conditions: service.resources?.Conditions ?? {},
    parameters: (service.resources?.Parameters ?? {}) as Record<string, ParameterDeclaration>,
    functions,
    esbuild,
    instance,
  };
}

/** The functions that have a `baton:` block. */
export function pluginsOf(functions: readonly DeclaredFunction[]): DeclaredFunction[] {
  return functions.filter(({ environment }) => environment.BATON_PLUGIN !== undefined);
}

/** Those of a function's variables that are plain text already. */
export function textsOf(environment: DeclaredFunction['environment']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (one): one is [string, string] => typeof one[1] === 'string',
    ),
  );
}
