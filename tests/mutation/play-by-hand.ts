import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ByHand } from './by-hand.ts';

/** What the tests that play a part read of the project. */
const COPIED = ['src', 'tests', 'infra', 'jest.config.js', 'package.json', 'serverless.yml'];

/** What is read of a result of jest. */
interface JestResult {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/**
 * Puts each mutant into a copy of the project, and runs the test that must see it. The same tests must pass without any mutant.
 * @returns what is wrong: mutants that were not seen, and tests that fail anyway
 */
export function playByHand(
  mutants: readonly ByHand[],
  root: string,
  tell: (line: string) => void,
): readonly string[] {
  // Without the name of a test, jest would run them all.
  if (mutants.length === 0) return [];
  const copy = path.join(root, '.mutation', 'by-hand');
  rmSync(copy, { recursive: true, force: true });
  for (const name of COPIED) {
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  }
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'dir');

  const tests = [...new Set(mutants.map(({ seenBy }) => seenBy))];
  const failing = failedTests(tests, copy);
  if (failing === undefined || failing.length > 0) {
    return [`these fail without any mutant: ${(failing ?? tests).join('; ')}`];
  }
  return mutants.flatMap((mutant) => {
    const file = path.join(copy, mutant.file);
    const source = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      source.replace(mutant.was, () => mutant.becomes),
    );
    const [seen] = failedTests([mutant.seenBy], copy) ?? [];
    writeFileSync(file, source);
    if (seen === undefined) return [`${mutant.title}: ${mutant.seenBy} does not see it`];
    tell(`${mutant.title}: seen by "${seen}"`);
    return [];
  });
}

/** The titles of the tests that fail, none when all pass; `undefined` when the run ends without telling. */
function failedTests(files: readonly string[], root: string): readonly string[] | undefined {
  const jest = [
    '--experimental-vm-modules',
    'node_modules/jest/bin/jest.js',
    '--json',
    '--testTimeout=60000',
  ];
  const run = spawnSync(process.execPath, [...jest, ...files], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (run.stdout === '') return undefined;
  const { success, testResults } = JSON.parse(run.stdout) as JestResult;
  if (success) return [];
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  );
  return failed.length === 0 ? undefined : failed;
}
