import { bringBundler, type ServerlessWithPlugins } from './bring-bundler.ts';
import { type Options, PluginResources, type Serverless, type Tool } from './plugin-resources.ts';

export { addPluginResources, BlockError } from './add-plugin-resources.ts';
export type { Service, System } from './plugin-service.ts';

/**
 * The Serverless plugin of a service whose functions are Baton plugins: `plugins: [batonflow/plugin-resources]`. It gives each function
 * with a `baton:` block what it needs, and bundles the functions with serverless-esbuild, with settings that suit them. Settings under
 * `custom.esbuild` go before its own; a service that lists `serverless-esbuild` itself, or says `custom.baton.bundle: false`, is left alone.
 */
export default class ServicePlugin extends PluginResources {
  constructor(serverless: Serverless & ServerlessWithPlugins, options?: Options, tool?: Tool) {
    super(serverless, options, tool);
    bringBundler(serverless);
  }
}
