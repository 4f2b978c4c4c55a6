import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

interface Locked {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: true;
  readonly link?: true;
}

const read = <Content>(file: string) => JSON.parse(readFileSync(file, 'utf8')) as Content;

const { packages } = read<{ packages: Readonly<Record<string, Locked>> }>('package-lock.json');
const { allowScripts } = read<{ allowScripts: Readonly<Record<string, boolean>> }>('package.json');

const locked = Object.entries(packages).filter(([place, { link }]) => place !== '' && !link);
const where = (is: (entry: Locked) => boolean) =>
  locked.filter(([, entry]) => is(entry)).map(([place]) => place.split('node_modules/').at(-1));

it('every package of the lock has its checksum, and names no registry', () => {
  expect(locked.length).toBeGreaterThan(500);
  expect(where(({ integrity }) => integrity === undefined)).toEqual([]);
  expect(where(({ resolved }) => resolved !== undefined)).toEqual([]);
});

it('npm 12 is told of every install script; only that of Node itself is run', () => {
  const scripts = new Set(where(({ hasInstallScript }) => hasInstallScript === true));
  expect(Object.keys(allowScripts).sort()).toEqual([...scripts].sort());
  expect(Object.keys(allowScripts).filter((name) => allowScripts[name])).toEqual(['node']);
});
