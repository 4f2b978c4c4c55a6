import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PluginWork } from '../perform-task.ts';

// biome-ignore lint/suspicious/noExplicitAny: a plugin of any input and result
export type AnyWork = PluginWork<any, any>;

/**
 * The plugin that a module exports.
 * @param exportName Default: the only plugin that it exports, or the one called `handler`.
 * @throws {Error} when the module cannot be loaded, or the plugin is not there
 */
export async function loadPlugin(file: string, exportName?: string): Promise<AnyWork> {
  const module = await load(file);
  const plugins = Object.entries(module).flatMap(([name, value]) => {
    const work = workOf(value);
    return work === undefined ? [] : [{ name, work }];
  });
  const wanted = exportName ?? 'handler';
  const found = plugins.find(({ name }) => name === wanted);
  if (found !== undefined) return found.work;
  const [only, ...more] = plugins;
  if (exportName === undefined && only !== undefined && more.length === 0) return only.work;
  const names = plugins.map(({ name }) => name).join(', ') || 'none';
  throw new Error(
    `${file} exports no plugin called ${wanted}; its exports that definePlugin made: ${names}`,
  );
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
