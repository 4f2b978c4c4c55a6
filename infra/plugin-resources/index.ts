import { addPluginResources, BlockError } from './add-plugin-resources.ts';
import type { Service, System } from './plugin-service.ts';

export { addPluginResources, BlockError } from './add-plugin-resources.ts';
export type { Service, System } from './plugin-service.ts';

/** What the plugin uses of osls. */
interface Serverless {
  readonly service: Service;
  readonly processedInput: { readonly options: { readonly param?: readonly string[] } };
  readonly configurationInput: {
    readonly params?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    resources?: Service['resources'];
  };
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
  readonly configSchemaHandler: {
    defineFunctionProperties(provider: string, schema: object): void;
    defineCustomProperties(schema: object): void;
  };
  getProvider(name: string): { getStage(): string };
}

const DEFAULT_SYSTEM = 'baton';

/**
 * The Serverless plugin of a service whose functions are Baton plugins: `plugins: [batonflow/plugin-resources]`.
 * It works before every command (package, deploy, print, offline, remove), so that all see the same service.
 */
export default class PluginResources {
  readonly hooks: Readonly<Record<string, () => void>>;
  readonly #serverless: Serverless;
  #applied = false;

  constructor(serverless: Serverless) {
    this.#serverless = serverless;
    // The block's own fields are checked by its schema, whose messages say more.
    serverless.configSchemaHandler.defineFunctionProperties('aws', {
      properties: { baton: { type: 'object' } },
    });
    serverless.configSchemaHandler.defineCustomProperties({
      properties: {
        baton: {
          type: 'object',
          properties: { system: { type: 'string', minLength: 1 } },
          additionalProperties: false,
        },
      },
    });
    this.hooks = {
      initialize: () => this.apply(),
      'after:aws:package:finalize:addExportNameForOutputs': () => this.#removeExports(),
    };
  }

  /** Adds the plugins' resources to the service, once. */
  apply(): void {
    if (this.#applied) return;
    try {
      addPluginResources(this.#serverless.service, this.#system());
    } catch (error) {
      if (!(error instanceof BlockError)) throw error;
      throw new this.#serverless.classes.Error(error.message, 'BATON_BLOCK');
    }
    // `serverless print` shows what was read, not what became of it.
    this.#serverless.configurationInput.resources = this.#serverless.service.resources;
    this.#applied = true;
  }

  /**
   * The tool exports its outputs under the service's name. The same service in a second system of the account would be refused
   * for that; and nothing imports them.
   */
  #removeExports(): void {
    const { Outputs } = this.#serverless.service.provider.compiledCloudFormationTemplate ?? {};
    for (const output of Object.values(Outputs ?? {})) {
      if (output.Export?.Name.startsWith(`sls-${this.#serverless.service.service}-`)) {
        delete output.Export;
      }
    }
  }

  /** The system to join: custom.baton.system, or the parameter system-name of the command line or of the service. */
  #system(): System {
    const { service, processedInput, configurationInput } = this.#serverless;
    const stage = this.#serverless.getProvider('aws').getStage();
    const given = processedInput.options.param?.find((one) => one.startsWith('system-name='));
    const { params } = configurationInput;
    const name =
      service.custom?.baton?.system ??
      given?.slice('system-name='.length) ??
      params?.[stage]?.['system-name'] ??
      params?.default?.['system-name'] ??
      DEFAULT_SYSTEM;
    return { name: String(name), stage };
  }
}
