import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { closest } from '../../src/cli/closest.ts';

/**
 * Why parameters are refused that no service in these folders asks for: the deployment tool ignores them, so that `sytem-name=beta` would
 * mean the default system, also where its data is to be forgotten.
 */
export async function reasonAgainstParameters(
  given: readonly string[],
  folders: readonly string[],
): Promise<string | undefined> {
  if (given.length === 0) return undefined;
  const known = new Set((await Promise.all(folders.map(parametersOf))).flat());
  const unknown = given.find((name) => !known.has(name));
  if (unknown === undefined) return undefined;
  const meant = closest(unknown, [...known]);
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  return `no service has a parameter called ${unknown}${hint}`;
}

/** What its serverless.yml, and the files that it takes in, ask for or give a value to. */
async function parametersOf(folder: string): Promise<readonly string[]> {
  const text = await readFile(path.join(folder, 'serverless.yml'), 'utf8');
  const files = [...text.matchAll(/\$\{file\(([^)]+)\)/g)].map(([, file = '']) => file.trim());
  const more = await Promise.all(
    [...new Set(files)].map((file) => readFile(path.join(folder, file), 'utf8').catch(() => '')),
  );
  // CloudFormation's own tags do not matter here.
  const { params } = (parseDocument(text, { logLevel: 'silent' }).toJS() ?? {}) as {
    readonly params?: Readonly<Record<string, object>>;
  };
  const asked = [text, ...more].flatMap((one) => [...one.matchAll(/\bparam:([\w-]+)/g)]);
  return [
    ...asked.map(([, name = '']) => name),
    ...Object.values(params ?? {}).flatMap(Object.keys),
  ];
}
