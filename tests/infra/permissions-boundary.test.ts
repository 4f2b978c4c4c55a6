import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { bounded, reasonAgainstBoundary } from '../../infra/stacks/permissions-boundary.ts';
import { PROJECT, serverless, type TemplateResource } from './package-service.ts';

describe('with --param permissions-boundary', () => {
  const BOUNDARY = 'arn:aws:iam::123456789012:policy/boundary';

  it('every role of the core is bounded, and so is every role of a plugin service', async () => {
    for (const folder of ['.', 'plugins/arithmetic']) {
      const printed = await serverless(
        path.join(PROJECT, folder),
        ...['print', '--format', 'json', '--param', `permissions-boundary=${BOUNDARY}`],
      );
      const resources = Object.values<TemplateResource>(JSON.parse(printed).resources.Resources);
      const roles = resources.filter(({ Type }) => Type === 'AWS::IAM::Role');
      expect(roles.length).toBeGreaterThan(1);
      for (const { Properties } of roles) expect(Properties.PermissionsBoundary).toBe(BOUNDARY);
    }
  }, 120_000);

  it('a role that names a boundary of its own keeps it, and without the parameter none has one', () => {
    const own = { Type: 'AWS::IAM::Role', Properties: { PermissionsBoundary: 'mine' } };
    const plain = { Type: 'AWS::IAM::Role', Properties: {} };
    expect(bounded({ own }, BOUNDARY)).toEqual({ own });
    expect(bounded({ plain }, '')).toEqual({ plain });
  });

  it.each(['boundary', 'arn:aws:iam::123456789012:role/boundary'])('%s is refused', (boundary) => {
    expect(reasonAgainstBoundary(boundary)).toContain(`"${boundary}" is not the ARN of a policy`);
  });
});
