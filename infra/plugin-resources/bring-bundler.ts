import { createRequire } from 'node:module';
import path from 'node:path';
import { type Bundled, bundlerSettings } from './bundler-settings.ts';

const BUNDLER = 'serverless-esbuild';

/** What is used of osls. */
export interface ServerlessWithPlugins {
  readonly serviceDir: string;
  readonly service: Bundled;
  readonly configurationInput: Bundled;
  readonly pluginManager: { addPlugin(plugin: object): void };
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
}

/** Adds serverless-esbuild to a service that names no bundler. */
export function bringBundler(serverless: ServerlessWithPlugins): void {
  const { service, configurationInput, pluginManager, serviceDir } = serverless;
  const settings = bundlerSettings(configurationInput);
  if (settings === undefined) return;
  // In both, since osls copies the one to the other later.
  for (const one of [configurationInput, service])
    one.custom = { ...one.custom, esbuild: settings };
  const bundler = load(serviceDir);
  if (bundler === undefined) {
    throw new serverless.classes.Error(
      `batonflow/plugin-resources bundles functions with ${BUNDLER}, which is not installed: npm install --save-dev ${BUNDLER} esbuild`,
      'BATON_BUNDLER',
    );
  }
  // osls gives a plugin with this name its log.
  pluginManager.addPlugin(Object.assign(bundler, { _serverlessExternalPluginName: BUNDLER }));
}

/** The service's own, or else the one that Baton finds. */
function load(serviceDir: string): object | undefined {
  for (const from of [path.join(serviceDir, 'serverless.yml'), import.meta.url]) {
    const require = createRequire(from);
    try {
      require.resolve(BUNDLER);
    } catch {
      continue;
    }
    return require(BUNDLER) as object;
  }
  return undefined;
}
