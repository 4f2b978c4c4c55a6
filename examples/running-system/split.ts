// `npx node examples/running-system/split.ts FOLDER`: makes three services from the sample service `security`, which
// can then be deployed one after another. docs/a-running-system.md shows how.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';

const SECURITY = fileURLToPath(new URL('../../plugins/security', import.meta.url));

/** The functions of each of the three services. */
const SERVICES = {
  security: ['security', 'notification'],
  reporting: ['reporting'],
  unit: ['unit'],
};

type ServiceName = keyof typeof SERVICES;

/** Copies the service `security` to `folder`, with the name and the functions of one of the three. */
export function makeService(name: ServiceName, folder: string): void {
  cpSync(SECURITY, folder, {
    recursive: true,
    filter: (path) => !/\.(esbuild|serverless)/.test(path),
  });
  const file = join(folder, 'serverless.yml');
  const template = parseDocument(readFileSync(file, 'utf8'));
  template.set('service', name);
  for (const other of Object.values(SERVICES).flat()) {
    if (!SERVICES[name].includes(other)) template.deleteIn(['functions', other]);
  }
  writeFileSync(file, String(template));
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('the folder for the services is missing');
  for (const name of Object.keys(SERVICES) as ServiceName[]) makeService(name, join(folder, name));
}
