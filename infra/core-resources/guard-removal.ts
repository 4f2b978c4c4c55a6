import type { Plugins } from '../../src/core/plugin.ts';
import { CoreError, type CoreSettings, prefixOf } from './core-service.ts';

/** The person who removes, as far as there is one. */
export interface Asked {
  /** Puts the question; nothing where nobody can be asked. */
  readonly ask?: (question: string) => Promise<string>;
}

/**
 * Lets a core be removed only if no plugin depends on it, and if somebody means it.
 *
 * A plugin whose core has gone cannot drain, so that its stack waits 20 minutes for each; and it does nothing until a core is there
 * again and the plugin has been deployed to it.
 * @throws {CoreError}
 */
export async function guardRemoval(
  core: CoreSettings,
  readPlugins: () => Promise<Plugins>,
  { ask }: Asked,
): Promise<void> {
  const plugins = await readPlugins();
  if (plugins.size > 0 && String(core.given.abandonPlugins) !== 'true') {
    const names = [...plugins.values()].map(({ name, owner }) => `${name} (${stackOf(owner)})`);
    throw new CoreError(
      `${prefixOf(core)} is not removed: plugins are registered with it: ${names.sort().join(', ')}. Remove their stacks first; --param abandon-plugins=true leaves them without a core`,
    );
  }
  if (core.throwAway || String(core.given.confirmed) === 'true') return;
  await confirmRemoval(prefixOf(core), ask);
}

/** @throws {CoreError} unless the stack's name is the answer */
export async function confirmRemoval(stack: string, ask: Asked['ask']): Promise<void> {
  if (ask === undefined) {
    throw new CoreError(
      `${stack} is not removed: there is nobody to ask. Add --yes to npm run remove, or --param confirmed=true to npx serverless remove`,
    );
  }
  const answer = await ask(
    `This removes ${stack}. Its table and bucket stay if data-deletion-policy is Retain. Type ${stack} to go on: `,
  );
  if (answer.trim() !== stack) throw new CoreError(`${stack} is not removed`);
}

/** `arn:aws:cloudformation:…:stack/baton-dev-photos` is `stack baton-dev-photos`. */
function stackOf(owner: string): string {
  return owner.replace(/^.*:stack\//, 'stack ');
}
