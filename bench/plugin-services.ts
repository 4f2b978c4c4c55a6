import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PATTERN = fileURLToPath(new URL('./service', import.meta.url));

/** Each plugin takes seven references to the core, and a stack takes sixty. */
const PLUGINS_A_SERVICE = 8;

/**
 * Writes services with the plugins `p1` to `p<count>` into the folder.
 * @param blocks by plugin: what its block says
 * @returns the folder
 */
export function writeServices(
  folder: string,
  count: number,
  blocks: Readonly<Record<string, object>> = {},
): string {
  const names = Array.from({ length: count }, (_, index) => `p${index + 1}`);
  for (let first = 0; first < count; first += PLUGINS_A_SERVICE) {
    const service = `bench-${first / PLUGINS_A_SERVICE + 1}`;
    const place = join(folder, service);
    cpSync(PATTERN, place, { recursive: true });
    const configuration = join(place, 'serverless.yml');
    const text = readFileSync(configuration, 'utf8').replace(
      'service: bench-0',
      `service: ${service}`,
    );
    writeFileSync(configuration, text);
    const own = names.slice(first, first + PLUGINS_A_SERVICE);
    const functions = own.map((name) => [
      ...[name, { handler: 'handler.step', baton: blocks[name] ?? {} }],
    ]);
    writeFileSync(join(place, 'functions.json'), JSON.stringify(Object.fromEntries(functions)));
  }
  return folder;
}
