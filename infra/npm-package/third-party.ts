import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { REPOSITORY } from './places.ts';

/** Name, version, licence and licence text of every package whose files went into a bundle. */
export async function thirdPartyNotice(inputs: readonly string[]): Promise<string> {
  const folders = new Set(
    inputs.flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
  );
  const parts = await Promise.all([...folders].sort().map((folder) => notice(folder)));
  // Most packages of one author have the same text.
  const byText = Map.groupBy(parts, ({ text }) => text);
  return [
    'Code of these packages is in the bundles in aws/ and in core.br.',
    ...[...byText].map(([text, all]) => `${all.map(({ title }) => title).join('\n')}\n\n${text}`),
  ].join('\n\n----------------------------------------\n\n');
}

async function notice(folder: string): Promise<{ readonly title: string; readonly text: string }> {
  const place = path.join(REPOSITORY, folder);
  const { name, version, license } = JSON.parse(
    await readFile(path.join(place, 'package.json'), 'utf8'),
  ) as { name: string; version: string; license?: string };
  const file = (await readdir(place)).find((one) => /^licen[cs]e(\.\w+)?$/i.test(one));
  const text = file === undefined ? '' : (await readFile(path.join(place, file), 'utf8')).trim();
  return { title: `${name} ${version} (${license ?? 'licence not stated'})`, text };
}
