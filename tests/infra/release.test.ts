import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { plainEnvironment } from '../../infra/npm-package/plain-environment.ts';
import { nextVersion, releasedChangelog } from '../../infra/npm-package/release-notes.ts';
import { asyncapiDocument } from '../../src/contract/asyncapi.ts';
import { openapiDocument } from '../../src/contract/openapi.ts';
import { VERSION } from '../../src/contract/version.ts';

const CHANGELOG = `# Changelog

## [Unreleased]

### Added

- A client.

## [0.1.0] - 2026-11-01

- All of it.
`;

it('what was unreleased gets the version and the day, and what was released stays', () => {
  expect(releasedChangelog(CHANGELOG, '0.2.0', '2026-11-26')).toBe(`# Changelog

## [Unreleased]

## [0.2.0] - 2026-11-26

### Added

- A client.

## [0.1.0] - 2026-11-01

- All of it.
`);
});

it('a release of nothing is refused', () => {
  const nothing = CHANGELOG.replace('### Added\n\n- A client.\n', '');
  expect(() => releasedChangelog(nothing, '0.2.0', '2026-11-26')).toThrow(
    'nothing under Unreleased',
  );
});

it.each([
  ['patch', '1.2.4'],
  ['minor', '1.3.0'],
  ['major', '2.0.0'],
] as const)('after 1.2.3 a %s release is %s', (step, next) => {
  expect(nextVersion('1.2.3', step)).toBe(next);
});

it('the package is used in an environment that knows nothing of this repository', () => {
  const given = {
    ...{ HOME: '/home/me', NODE_OPTIONS: '--x', NODE_EXTRA_CA_CERTS: '/ca.pem', AWS_PROFILE: 'me' },
    ...{ npm_lifecycle_event: 'verify', npm_config_registry: 'r', BATON_API: 'x' },
    PATH: '/repo/node_modules/.bin:/usr/bin',
  };
  const { PATH, ...others } = plainEnvironment(given);
  expect(others).toEqual({
    ...{
      HOME: '/home/me',
      NODE_EXTRA_CA_CERTS: '/ca.pem',
      npm_config_registry: 'r',
      NO_COLOR: '1',
    },
  });
  expect(PATH).not.toContain('/repo/');
});

// Was: a release left 0.1.0 in the OpenAPI and AsyncAPI documents. Now: they take it from version.ts, which is package.json's.
it('the documents have the version of the package', () => {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  expect(VERSION).toBe(version);
  expect(openapiDocument()).toMatchObject({ info: { version } });
  expect(asyncapiDocument()).toMatchObject({ info: { version } });
});
