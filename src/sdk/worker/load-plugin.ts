import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PluginWork } from '../perform-task.ts';

// biome-ignore lint/suspicious/noExplicitAny: a plugin of any input and result
export type AnyWork = PluginWork<any, any>;

/**
 * The plugin that a module exports, under its own name or as a part of what it exports by default: that is where Node leaves what it does not
 * find in CommonJS, and where Lambda looks, too.
 * @param exportName Default: the only plugin that it exports, under however many names, or the one called `handler`.
 * @throws {Error} when the module cannot be loaded, or the plugin is not there
 */
export async function loadPlugin(file: string, exportName?: string): Promise<AnyWork> {
  const module = await load(file);
  const plugins = Object.entries(exportsOf(module)).flatMap(([name, value]) => {
    const work = workOf(value);
    return work === undefined ? [] : [{ name, work }];
  });
  const wanted = exportName ?? 'handler';
  const found = plugins.find(({ name }) => name === wanted);
  if (found !== undefined) return found.work;
  const [only, ...more] = new Set(plugins.map(({ work }) => work));
  if (exportName === undefined && only !== undefined && more.length === 0) return only;
  const names = plugins.map(({ name }) => name).join(', ') || 'none';
  throw new Error(
    `${file} exports no plugin called ${wanted}; its exports that definePlugin made: ${names}`,
  );
}

/** What CommonJS exports Node puts under `default`, and once more under a name that nobody gave it. */
function exportsOf({
  'module.exports': _,
  default: whole,
  ...named
}: Record<string, unknown>): object {
  return typeof whole === 'object' ? { ...whole, ...named } : { default: whole, ...named };
}

async function load(file: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(path.resolve(file)).href)) as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${file} cannot be loaded: ${(error as Error)?.stack ?? String(error)}`);
  }
}

function workOf(value: unknown): AnyWork | undefined {
  const { work } = (value ?? {}) as { readonly work?: Partial<AnyWork> };
  return typeof work?.perform === 'function' ? (work as AnyWork) : undefined;
}
