/**
 * `npm run release -- patch | minor | major`: gives what stands under Unreleased in CHANGELOG.md a version, builds the package and uses it
 * (verify.ts), commits and tags, and publishes. It needs a clean work tree on main. Without credentials for the registry it ends before the
 * last step, and names the command that is left.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from './places.ts';
import { nextVersion, releasedChangelog, type Step } from './release-notes.ts';

const PUBLISH = ['publish', './dist', '--access', 'public'];

/** The OpenAPI and AsyncAPI documents name it. */
const VERSION = 'src/contract/version.ts';

try {
  release(process.argv[2] ?? '');
} catch (error) {
  console.error(`baton: ${(error as Error).message}`);
  process.exitCode = 1;
}

function release(step: string): void {
  if (!isStep(step)) throw new Error('npm run release -- patch, minor or major');
  if (said('git', 'status', '--porcelain') !== '') throw new Error('the work tree is not clean');
  if (said('git', 'branch', '--show-current') !== 'main') throw new Error('this is not main');
  const { version } = JSON.parse(read('package.json')) as { version: string };
  const next = nextVersion(version, step);
  const day = new Date().toISOString().slice(0, 10);
  write('CHANGELOG.md', releasedChangelog(read('CHANGELOG.md'), next, day));
  show('npm', 'version', next, '--no-git-tag-version', '--ignore-scripts');
  write(VERSION, read(VERSION).replace(`'${version}'`, `'${next}'`));
  show('npm', 'run', 'docs');
  try {
    show('npm', 'run', 'verify:package');
  } catch {
    // It was clean before: so the next try can begin.
    said('git', 'restore', '.');
    throw new Error(`the package is not fit for release, and nothing of ${next} is left here`);
  }
  show('git', 'commit', '--all', '--message', `release: ${next}`);
  show('git', 'tag', '--annotate', `v${next}`, '--message', `batonflow ${next}`);
  try {
    said('npm', 'whoami');
  } catch {
    throw new Error(
      `${next} is built, committed and tagged, but nobody is logged in to the registry. After "npm login": npm ${PUBLISH.join(' ')} && git push --follow-tags`,
    );
  }
  show('npm', ...PUBLISH);
  console.log(`${next} is published; what is left: git push --follow-tags`);
}

function isStep(text: string): text is Step {
  return ['patch', 'minor', 'major'].includes(text);
}

function said(command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: REPOSITORY, encoding: 'utf8', stdio: 'pipe' }).trim();
}

function show(command: string, ...args: string[]): void {
  execFileSync(command, args, { cwd: REPOSITORY, stdio: 'inherit' });
}

function read(file: string): string {
  return readFileSync(path.join(REPOSITORY, file), 'utf8');
}

function write(file: string, text: string): void {
  writeFileSync(path.join(REPOSITORY, file), text);
}
