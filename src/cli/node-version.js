// JavaScript that a Node of any age can read: it is what says that the Node is too old.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The npm package is compiled; a clone runs from its sources. */
const IS_COMPILED = existsSync(new URL('./program.js', import.meta.url));

/** As `engines` of the package has it: before it, Node has no node:sqlite without a flag. From 22.18 on it reads TypeScript. */
const OLDEST = { major: 22, minor: 13 };
const OLDEST_OF_SOURCES = { major: 22, minor: 18 };

/**
 * What to tell somebody whose Node is too old, such as `20.20.2`; nothing if it is not.
 *
 * @param {string} version
 * @param {{ what?: string, isCompiled?: boolean }} [of] what needs a newer one, and whether that is JavaScript
 * @returns {string | undefined}
 */
export function complaintAbout(version, { what = 'the command', isCompiled = IS_COMPILED } = {}) {
  const oldest = isCompiled ? OLDEST : OLDEST_OF_SOURCES;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return undefined;
  const needs = `baton: this is Node ${version}; ${what} needs ${oldest.major}.${oldest.minor} or newer, and 24 is best`;
  if (isCompiled) return needs;
  return `${needs}. "npm ci" brings one, which npm run and npx take: run that first`;
}

/**
 * What to tell somebody in whose clone nothing is installed yet.
 *
 * @returns {string | undefined}
 */
export function complaintAboutPackages() {
  try {
    createRequire(import.meta.url).resolve('commander');
    return undefined;
  } catch {
    return 'baton: its packages are not installed: run "npm ci" first';
  }
}
