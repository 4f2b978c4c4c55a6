import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { readDefinitionText } from '../../src/contract/workflow-definition.ts';

it.each([
  ['security', 'security-event', ['security.event']],
  ['security', 'unit-event', ['unit.event']],
  ['imaging', 'imaging', []],
])('%s: the workflow %s can be put', (service, name, on) => {
  const file = new URL(`../../plugins/${service}/workflows/${name}.yml`, import.meta.url);
  expect(readDefinitionText(name, readFileSync(file, 'utf8'))).toMatchObject({ name, on });
});
