import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const repository = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, repository), 'utf8');
const SOURCES = globSync('src/**/*.ts', { cwd: repository }).map(read).join('\n');
const PAGE = read('docs/operations.md');

describe('what people read at night is there', () => {
  const alarms = parse(read('infra/core/alarms.yml'), { customTags: tagsOfCloudFormation() }) as {
    Resources: Record<string, { Type: string; Properties: { AlarmName: string } }>;
  };
  const names = Object.values(alarms.Resources)
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => Properties.AlarmName.replace(/^.*sls:stage\}-/, ''));

  it.each(names)('the alarm …-%s has its paragraph', (name) => {
    expect(read('docs/bottleneck.md')).toContain(`\n### \`…-${name}\`\n`);
  });
});

describe('docs/operations.md speaks of what there is', () => {
  const codes = [...PAGE.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)].map(([, code]) => code);
  const logged = [...PAGE.matchAll(/filter message in \[(.*)\]/g)]
    .flatMap(([, list = '']) => list.split(', '))
    .map((text) => text.replaceAll('"', ''));

  it.each([...new Set(codes)])('the code %s', (code) => {
    expect(SOURCES.includes(`'${code}'`)).toBe(true);
  });

  it.each(logged)('the line "%s" of the log', (message) => {
    expect(SOURCES.includes(`'${message}'`)).toBe(true);
  });
});

/** `!Ref X` and the others: read as their values. */
function tagsOfCloudFormation() {
  return ['!Ref', '!Sub', '!GetAtt', '!If', '!Not', '!Equals'].flatMap((tag) => [
    { tag, resolve: (value: string) => value },
    { tag, collection: 'seq' as const, resolve: (value: unknown) => value },
  ]);
}
