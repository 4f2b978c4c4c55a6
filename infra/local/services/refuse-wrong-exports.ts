import { askHandler } from '../../plugin-resources/ask-handler.ts';
import { LocalError } from '../local-error.ts';
import { type Bundle, ownTexts } from './bundle-service.ts';
import { type DeclaredFunction, type LoadedService, pluginsOf, textsOf } from './load-service.ts';

/**
 * Refuses a plugin whose handler names an export that its file does not have, or that is no function, and says which exports there are.
 * Each question costs a process, so it is asked only where the sources do not show the export. What cannot be loaded outside of its
 * function says so at its first task, and so does what a call made that is no function.
 * @throws {LocalError}
 */
export async function refuseWrongExports(
  { name, functions }: Pick<LoadedService, 'name' | 'functions'>,
  { handlers, sources }: Bundle,
  folder: string,
): Promise<void> {
  const plugins = pluginsOf(functions);
  if (plugins.length === 0) return;
  const texts = await ownTexts(sources);
  const exportOf = ({ key }: DeclaredFunction) => String(handlers[key]?.exportName);
  const asked = plugins.filter((one) => !texts.some((text) => showsFunction(text, exportOf(one))));
  const faults = await Promise.all(
    asked.map(async (one) => {
      const handler = `${one.key}.${exportOf(one)}`;
      const answer = await askHandler(folder, handler, textsOf(one.environment));
      return 'failed' in answer && answer.isExport ? [`${one.handler}: ${answer.failed}`] : [];
    }),
  );
  const [first] = faults.flat();
  if (first !== undefined) throw new LocalError(`Service ${name}: ${first}.`);
}

/** `export function a(`, `export const a = definePlugin(`, `export const a = (`. */
function showsFunction(text: string, name: string): boolean {
  if (!/^\w+$/.test(name)) return false;
  const declared = `export\\s+(?:async\\s+)?function\\s+${name}\\b`;
  const made = `export\\s+const\\s+${name}\\b[^=;]*=\\s*(?:async\\b|function\\b|[\\w.]*\\s*(?:<[^;=]*>)?\\()`;
  return new RegExp(`^(?:${declared}|${made})`, 'm').test(text);
}
