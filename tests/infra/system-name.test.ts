import { describe, expect, it } from '@jest/globals';
import { isSystemName, reasonAgainstNames } from '../../infra/core/system-name.ts';
import { readCommandLine } from '../../infra/deploy/command-line.ts';

describe('the name of a system', () => {
  it.each(['baton', 'b', 'beta-2', 'x'.repeat(18)])('may be %p', (name) => {
    expect(isSystemName(name)).toBe(true);
    expect(reasonAgainstNames(name, 'dev')).toBeUndefined();
  });

  it.each([
    ...['', ' ', '.', '..', '../..', '/', '/etc', 'a/b', 'a\\b', '~', '-a', 'a-', '2a', 'Baton'],
    ...['a b', 'a\n', 'a\0', 'bätön', 'a.b', 'a_b', '$UNSET', '*', 'x'.repeat(19), 'Not_Good!'],
  ])('may not be %p, and the rule is said', (name) => {
    expect(isSystemName(name)).toBe(false);
    expect(reasonAgainstNames(name, 'dev')).toContain(
      `the system name "${name}": it begins with a lower-case letter`,
    );
  });
});

describe('the name of a stage', () => {
  it.each(['dev', 'prod', 'production', 'prod-eu', 'pr-1234', '2', 'local'])(
    'may be %p',
    (stage) => {
      expect(reasonAgainstNames('baton', stage)).toBeUndefined();
    },
  );

  // Was: --stage Dev was packaged, and then refused by S3 in the middle of a deployment. Now: nothing is packaged.
  it.each(['Dev', 'a_b', '-a', 'a-', '', 'a b', 'ä', 'a/b'])('may not be %p', (stage) => {
    expect(reasonAgainstNames('baton', stage)).toBe(
      `the stage "${stage}": it has lower-case letters, digits and hyphens, and neither begins nor ends with a hyphen`,
    );
  });
});

describe('both names', () => {
  it('leave room for the bucket in the longest region, and no more than that', () => {
    const longest = `baton-${'x'.repeat(18)}`;
    expect(`${longest}-objects-123456789012-ap-southeast-5-an`).toHaveLength(63);
    expect(reasonAgainstNames('baton', 'x'.repeat(18))).toBeUndefined();
    expect(reasonAgainstNames('baton', 'x'.repeat(19))).toMatch(/has 25 characters: .* 24 at most/);
  });

  it.each([
    ['sthree', 'dev'],
    ['sthree-2', 'dev'],
    ['amzn-s3-demo', 'dev'],
    ['xn--a', 'dev'],
  ])('do not begin as S3 begins its own: %s-%s', (system, stage) => {
    expect(reasonAgainstNames(system, stage)).toContain('which S3 keeps for itself');
  });
});

describe('npm run deploy and npm run remove', () => {
  it.each([
    [['--stage', 'Dev'], /the stage "Dev": it has lower-case letters/],
    [['--param', 'system-name=Not_Good!'], /the system name "Not_Good!": it begins with/],
    [['--stage', 'a-long-name-for-a-stage'], /24 at most/],
  ])('refuse %j before anything is packaged', (args, rule) => {
    expect(() => readCommandLine(['deploy', ...args])).toThrow(rule);
    expect(() => readCommandLine(['remove', ...args])).toThrow(rule);
  });
});
