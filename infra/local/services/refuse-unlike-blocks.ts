import { askHandler } from '../../plugin-resources/ask-handler.ts';
import { checkCompensations } from '../../plugin-resources/check-compensations.ts';
import { LocalError } from '../local-error.ts';
import { type Bundle, ownTexts } from './bundle-service.ts';
import { type DeclaredFunction, type LoadedService, pluginsOf, textsOf } from './load-service.ts';

/**
 * Refuses a service with a plugin that undoes what its block does not say, or says that it undoes and does not: as its packaging would. Only
 * who speaks of undoing is asked, since each answer costs a process; a handler that cannot be loaded says so at its first task.
 * @throws {LocalError}
 */
export async function refuseUnlikeBlocks(
  { name, functions }: Pick<LoadedService, 'name' | 'functions'>,
  { handlers, sources }: Bundle,
  folder: string,
): Promise<void> {
  const plugins = pluginsOf(functions);
  if (plugins.length === 0) return;
  const texts = await ownTexts(sources);
  const speakOfUndoing = texts.some((text) => text.includes('compensate'));
  const asked = speakOfUndoing ? plugins : plugins.filter(saysThatItUndoes);
  const answers = await Promise.all(
    asked.map(async ({ key, environment }) => {
      const handler = `${key}.${handlers[key]?.exportName}`;
      return [key, await askHandler(folder, handler, textsOf(environment))] as const;
    }),
  );
  const service = { functions: Object.fromEntries(functions.map((one) => [one.key, one])) };
  const { faults } = checkCompensations(service, new Map(answers));
  if (faults.length === 0) return;
  throw new LocalError(faults.map((fault) => `service "${name}", ${fault}`).join('; '));
}

function saysThatItUndoes({ environment }: DeclaredFunction): boolean {
  return environment.BATON_COMPENSATES === 'true';
}
