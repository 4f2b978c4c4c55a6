import type { AwsConfig, DeployedStack } from '../stacks/describe-stack.ts';
import { packagingTemp } from '../stacks/packaging-temp.ts';
import { ownerTagOf, reasonAgainstStack } from '../stacks/reason-against-stack.ts';
import { addPluginResources, BlockError } from './add-plugin-resources.ts';
import type { Service, System } from './plugin-service.ts';

/** What the plugin uses of osls. */
export interface Serverless {
  /** The service's folder. */
  readonly serviceDir: string;
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
  getProvider(name: string): {
    readonly naming: { getStackName(): string };
    getStage(): string;
    getAwsSdkV3Config(): Promise<AwsConfig>;
  };
}

/** Options of the command line; all of the tool's plugins share the object. */
export interface Options {
  force?: boolean;
}

export interface Tool {
  readonly log: {
    readonly notice: (line: string) => void;
    readonly warning: (line: string) => void;
  };
}

const DEFAULT_SYSTEM = 'baton';

/**
 * Adds the resources of a service whose functions are Baton plugins.
 * It works before every command (package, deploy, print, offline, remove), so that all see the same service.
 */
export class PluginResources {
  readonly hooks: Readonly<Record<string, () => unknown>>;
  readonly #serverless: Serverless;
  readonly #options: Options;
  readonly #tool: Tool | undefined;
  #applied = false;

  constructor(serverless: Serverless, options: Options = {}, tool?: Tool) {
    this.#serverless = serverless;
    this.#options = options;
    this.#tool = tool;
    // The block's own fields are checked by its schema, whose messages say more.
    serverless.configSchemaHandler.defineFunctionProperties('aws', {
      properties: { baton: { type: 'object' } },
    });
    serverless.configSchemaHandler.defineCustomProperties({
      properties: {
        baton: {
          type: 'object',
          properties: { system: { type: 'string', minLength: 1 }, bundle: { type: 'boolean' } },
          additionalProperties: false,
        },
      },
    });
    this.hooks = {
      ...packagingTemp(serverless),
      initialize: () => this.apply(),
      'before:deploy:deploy': () => this.#compareCore(),
      'before:remove:remove': () => this.#ownStack(),
      'after:package:createDeploymentArtifacts': () => this.#askPackages(),
      'after:aws:package:finalize:addExportNameForOutputs': () => this.#removeExports(),
    };
  }

  /** Adds the plugins' resources to the service, once. */
  apply(): void {
    if (this.#applied) return;
    try {
      const boundary = String(this.#parameter('permissions-boundary') ?? '');
      addPluginResources(this.#serverless.service, this.#system(), boundary);
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

  /** What would fail each plugin's first task fails its packaging; and what its packaged function says of its input is registered. */
  async #askPackages(): Promise<void> {
    const { service, serviceDir, classes } = this.#serverless;
    const { askPackages } = await import('./ask-packages.ts');
    const { checkCompensations } = await import('./check-compensations.ts');
    const { checkRuntimes } = await import('./check-runtimes.ts');
    const { declareInputs } = await import('./declare-inputs.ts');
    const answers = await askPackages(service, serviceDir);
    const { faults: ofCompensations, unknown } = checkCompensations(service, answers);
    const faults = [...ofCompensations, ...checkRuntimes(service, answers)];
    const tooLarge = declareInputs(service, answers);
    for (const line of [...unknown, ...tooLarge]) this.#tool?.log.warning(line);
    if (faults.length === 0) return;
    const lines = faults.map((fault) => `service "${service.service}", ${fault}`);
    throw new classes.Error(lines.join('\n'), 'BATON_PACKAGES');
  }

  /** If the core is another one than at the last deployment, this deployment takes place although the template is the same. */
  async #compareCore(): Promise<void> {
    const { changedCoreValues } = await import('./changed-core.ts');
    const deployed = await this.#ownStack();
    const config = await this.#serverless.getProvider('aws').getAwsSdkV3Config();
    const changed = deployed === undefined ? [] : await changedCoreValues(config, deployed);
    if (changed.length === 0) return;
    this.#tool?.log.notice(
      `The core has changed since the last deployment (${changed.join(', ')}): deploying, so that the plugins register with it.`,
    );
    this.#options.force = true;
  }

  /** The stack as it is now, if there is one. @throws if it is another's */
  async #ownStack(): Promise<DeployedStack | undefined> {
    const aws = this.#serverless.getProvider('aws');
    // Loaded here, since packaging and the local stack need no client of AWS.
    const { describeStack } = await import('../stacks/describe-stack.ts');
    const stackName = aws.naming.getStackName();
    const deployed = await describeStack(await aws.getAwsSdkV3Config(), stackName);
    const { name, stage } = this.#system();
    const owner = ownerTagOf(name, stage);
    const reason = reasonAgainstStack(stackName, deployed, { owner, isCore: false });
    if (reason !== undefined) throw new this.#serverless.classes.Error(reason, 'BATON_STACK');
    return deployed;
  }

  /** The value of a parameter of the command line, or of the service. */
  #parameter(name: string): unknown {
    const { processedInput, configurationInput } = this.#serverless;
    const stage = this.#serverless.getProvider('aws').getStage();
    const given = processedInput.options.param?.find((one) => one.startsWith(`${name}=`));
    const { params } = configurationInput;
    return given?.slice(name.length + 1) ?? params?.[stage]?.[name] ?? params?.default?.[name];
  }

  /** The system to join: custom.baton.system, or the parameter system-name of the command line or of the service. */
  #system(): System {
    const { service } = this.#serverless;
    const stage = this.#serverless.getProvider('aws').getStage();
    const name = service.custom?.baton?.system ?? this.#parameter('system-name') ?? DEFAULT_SYSTEM;
    return { name: String(name), stage };
  }
}
