import { type Account, readAccount } from './account.ts';
import { Api } from './api.ts';
import { serverless } from './command.ts';
import { Moto } from './moto.ts';
import { readTemplate, type Template } from './template.ts';
import type { WorkingCopy } from './working-copy.ts';

const STAGE = 'dev';
/** `<system>-<stage>`: the names of everything in the deployment begin with it. */
export const PREFIX = `baton-${STAGE}`;

/** A deployment of the working copy to moto. */
export class Deployment {
  readonly copy: WorkingCopy;
  readonly moto: Moto;
  readonly api: Api;
  readonly #python: string;

  private constructor(python: string, copy: WorkingCopy, moto: Moto) {
    this.#python = python;
    this.copy = copy;
    this.moto = moto;
    this.api = new Api(moto, PREFIX);
  }

  static async start(python: string, copy: WorkingCopy): Promise<Deployment> {
    return new Deployment(python, copy, await Moto.start(python));
  }

  async stop(): Promise<void> {
    await this.moto.stop();
  }

  /** Runs a command of the deployment tool for a service. @returns everything it printed @throws if it fails */
  async serverless(service: string, command: string, ...options: string[]): Promise<string> {
    return await serverless(
      this.copy.path(service),
      [command, '--stage', STAGE, ...options],
      this.moto.environment,
    );
  }

  async readAccount(): Promise<Account> {
    return await readAccount(this.#python, this.moto.url);
  }

  /** The templates from which the services were last deployed. */
  async readTemplates(services: readonly string[]): Promise<readonly Template[]> {
    const templates: Template[] = [];
    for (const service of services) {
      templates.push(await readTemplate(this.copy.path(service, '.serverless')));
    }
    return templates;
  }

  /** The registered plugins by name. */
  // biome-ignore lint/suspicious/noExplicitAny: a plugin is any JSON.
  async readPlugins(): Promise<Record<string, any>> {
    const { plugins } = await this.api.call('plugins', 'GET /plugins', '/plugins');
    // biome-ignore lint/suspicious/noExplicitAny: as above.
    return Object.fromEntries(plugins.map((one: any) => [one.name, one]));
  }

  /** Invokes the targets of the account's rules, as EventBridge would. @returns their names */
  async invokeScheduled(): Promise<string[]> {
    const { rules = {} } = await this.readAccount();
    const targets = Object.values(rules).flatMap((rule) => (rule as { Targets: string[] }).Targets);
    const names = targets.map((arn) => String(arn.split(':').at(-1))).sort();
    for (const name of names) {
      await this.moto.invoke(name, {
        source: 'aws.events',
        'detail-type': 'Scheduled Event',
        detail: {},
      });
    }
    return names;
  }
}
