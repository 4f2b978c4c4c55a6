const UNRELEASED = '## [Unreleased]';

export type Step = 'patch' | 'minor' | 'major';

/** The version after this one. */
export function nextVersion(version: string, step: Step): string {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  switch (step) {
    case 'major':
      return `${major + 1}.0.0`;
    case 'minor':
      return `${major}.${minor + 1}.0`;
    case 'patch':
      return `${major}.${minor}.${patch + 1}`;
  }
}

/** The changelog in which all that was unreleased is this version's. @throws {Error} if nothing was */
export function releasedChangelog(changelog: string, version: string, day: string): string {
  const [before, after] = changelog.split(`${UNRELEASED}\n`);
  if (before === undefined || after === undefined)
    throw new Error(`CHANGELOG.md has no ${UNRELEASED}`);
  const [unreleased = ''] = after.split(/^## /m);
  if (!/^- /m.test(unreleased)) throw new Error('CHANGELOG.md says nothing under Unreleased');
  return `${before}${UNRELEASED}\n\n## [${version}] - ${day}\n${after}`;
}
