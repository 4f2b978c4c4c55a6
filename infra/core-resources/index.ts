import { reasonAgainstNames } from '../core/system-name.ts';
import { THROW_AWAY_RULE } from '../core/throw-away.ts';
import type { AwsConfig, DeployedStack } from '../stacks/describe-stack.ts';
import { packagingTemp } from '../stacks/packaging-temp.ts';
import { bounded, reasonAgainstBoundary } from '../stacks/permissions-boundary.ts';
import { ownerTagOf, reasonAgainstStack } from '../stacks/reason-against-stack.ts';
import { type Adoptable, adopt, adoptedOutput } from './adopt.ts';
import { terminalAsk } from './ask.ts';
import { checkValues } from './check-values.ts';
import { CoreError, prefixOf, type Serverless } from './core-service.ts';
import { guardData } from './guard-data.ts';
import { guardRemoval } from './guard-removal.ts';
import { addOptionalParts } from './optional-parts.ts';

/**
 * The Serverless plugin of the core: what serverless.yml cannot say or check by itself. Clients of AWS are loaded only by the steps that
 * call it: packaging and the local stack need none.
 */
export default class CoreResources {
  readonly hooks: Readonly<Record<string, () => unknown>>;
  readonly #serverless: Serverless;

  constructor(serverless: Serverless) {
    this.#serverless = serverless;
    serverless.configSchemaHandler.defineCustomProperties({
      properties: { core: { type: 'object' } },
    });
    this.hooks = {
      ...packagingTemp(serverless),
      initialize: () => this.#plainly(() => this.#prepare()),
      'before:deploy:deploy': () => this.#plainly(() => this.#guardStack()),
      'before:remove:remove': () => this.#plainly(() => this.#guardRemoval()),
    };
  }

  #prepare(): void {
    const { service } = this.#serverless;
    const { given, existing, system, stage } = this.#core;
    const reason = reasonAgainstNames(system, stage);
    if (reason !== undefined) throw new CoreError(reason);
    const { throwAway } = given;
    if (!['', 'true', 'false'].includes(String(throwAway))) {
      throw new CoreError(`throw-away is true or false, not "${throwAway}": ${THROW_AWAY_RULE}`);
    }
    checkValues(service);
    addOptionalParts(service, given);
    const { permissionsBoundary } = given;
    const unbounded = reasonAgainstBoundary(permissionsBoundary);
    if (unbounded !== undefined) throw new CoreError(unbounded);
    service.resources.Resources = bounded(service.resources.Resources, permissionsBoundary);
    for (const [id, name] of Object.entries(existing)) {
      if (name !== '') adopt(service, id as Adoptable, name);
    }
  }

  async #guardStack(): Promise<void> {
    const config = await this.#serverless.getProvider('aws').getAwsSdkV3Config();
    guardData(this.#core, await this.#ownStack(config));
  }

  /** The stack as it is now, if there is one. @throws {CoreError} if it is another's */
  async #ownStack(config: AwsConfig): Promise<DeployedStack | undefined> {
    const core = this.#core;
    const { describeStack } = await import('../stacks/describe-stack.ts');
    const deployed = await describeStack(config, prefixOf(core));
    const owner = ownerTagOf(core.system, core.stage);
    const reason = reasonAgainstStack(prefixOf(core), deployed, { owner, isCore: true });
    if (reason !== undefined) throw new CoreError(reason);
    return deployed;
  }

  async #guardRemoval(): Promise<void> {
    const core = this.#core;
    const { readPlugins } = await import('./read-plugins.ts');
    const config = await this.#serverless.getProvider('aws').getAwsSdkV3Config();
    const ask = terminalAsk();
    const deployed = await this.#ownStack(config);
    const table = deployed?.outputs.get(adoptedOutput('Table')) ?? prefixOf(core);
    await guardRemoval(core, () => readPlugins(config, table), ask ? { ask } : {});
  }

  get #core() {
    return this.#serverless.service.custom.core;
  }

  /** Runs a step; what the person who deploys can mend is shown as the tool shows its own errors. */
  async #plainly(step: () => void | Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      throw new this.#serverless.classes.Error(error.message, 'BATON_CORE');
    }
  }
}
