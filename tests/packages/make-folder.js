import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeTemporaryFolder } from '../../infra/temporary-folder.ts';

/**
 * Before the first test file: one folder for all temporary files of the run, so that nothing is left of tests that fail or are killed; and
 * in it one for the packages that test files share.
 */
export default function makeFolder() {
  process.env.TMPDIR = makeTemporaryFolder('tests');
  process.env.BATON_TEST_PACKAGES = join(process.env.TMPDIR, 'packages');
  mkdirSync(process.env.BATON_TEST_PACKAGES);
}
