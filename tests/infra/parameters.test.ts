import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reasonAgainstParameters } from '../../infra/core/parameters.ts';
import { PAGES } from '../docs/blocks.ts';

const CORE = fileURLToPath(new URL('../..', import.meta.url));

let plugin: string;
beforeAll(() => {
  plugin = mkdtempSync(join(tmpdir(), 'parameters-'));
  writeFileSync(
    join(plugin, 'serverless.yml'),
    `service: ours
params:
  prod: { price-list: full }
provider:
  environment: { REGION_OF_SHOP: "\${param:shop-region, 'eu'}" }
  tags: \${file(tags.yml)}
`,
  );
  writeFileSync(join(plugin, 'tags.yml'), `team: \${param:our-team}\n`);
});
afterAll(() => rmSync(plugin, { recursive: true }));

// Was: `npm start -- --param sytem-name=beta --reset` forgot the data of the default system, and `npm run remove` removed it.
// Now: a parameter that no service knows is refused before anything is touched.
describe('a parameter', () => {
  it.each([
    ['sytem-name', 'no service has a parameter called sytem-name; did you mean system-name?'],
    ['systemName', 'no service has a parameter called systemName; did you mean system-name?'],
    ['colour', 'no service has a parameter called colour'],
    ['constructor', 'no service has a parameter called constructor'],
  ])('that no service knows is refused: %s', async (name, reason) => {
    expect(await reasonAgainstParameters(['lifecycle', name], [CORE, plugin])).toBe(reason);
  });

  it.each(['system-name', 'existing-table', 'confirmed', 'shop-region', 'price-list', 'our-team'])(
    'that one of them asks for is taken: %s',
    async (name) => {
      expect(await reasonAgainstParameters([name], [CORE, plugin])).toBe(undefined);
    },
  );

  it('that the documentation names is known', async () => {
    const named = PAGES.map((page) => readFileSync(join(CORE, page), 'utf8'))
      .flatMap((text) => [...text.matchAll(/--param[ =]([a-z-]+)=/g)])
      .map(([, name = '']) => name)
      .filter((name) => name !== 'name');
    expect(named.length).toBeGreaterThan(10);
    expect(await reasonAgainstParameters(named, [CORE])).toBe(undefined);
  });
});
