import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CoreSettings } from '../../infra/core-resources/core-service.ts';
import { guardData } from '../../infra/core-resources/guard-data.ts';
import type { DeployedStack } from '../../infra/stacks/describe-stack.ts';
import { coreSettings } from './core-settings.ts';
import { PROJECT, packageService, type Template } from './package-service.ts';

const NAMES = ['existing-table=baton-old', 'existing-bucket=old-objects'];

describe('a core with --param existing-table and existing-bucket', () => {
  let core: Template;
  beforeAll(async () => {
    core = await packageService(PROJECT, NAMES);
  }, 480_000);

  it('makes neither, and tells its functions of both', () => {
    expect(core.Resources).not.toHaveProperty('Table');
    expect(core.Resources).not.toHaveProperty('Bucket');
    expect(core.Resources.IngestLambdaFunction?.Properties.Environment.Variables).toMatchObject({
      BATON_TABLE_NAME: 'baton-old',
      BATON_BUCKET_NAME: 'old-objects',
    });
    expect(core.Resources.BucketNameParameter?.Properties.Value).toBe('old-objects');
    expect(core.Resources.BucketPolicy?.Properties.Bucket).toBe('old-objects');
  });

  it('lets its roles reach both, by their names', () => {
    const roles = JSON.stringify(core.Resources);
    const account = `\${AWS::Region}:\${AWS::AccountId}`;
    expect(roles).toContain(`arn:\${AWS::Partition}:dynamodb:${account}:table/baton-old"`);
    expect(roles).toContain(
      `arn:\${AWS::Partition}:dynamodb:${account}:table/baton-old/index/list`,
    );
    expect(roles).toContain(`arn:\${AWS::Partition}:s3:::old-objects/*`);
  });

  it('refers to nothing that it does not make', () => {
    const text = JSON.stringify(core);
    for (const id of ['Table', 'Bucket']) {
      expect(text).not.toContain(`"Ref":"${id}"`);
      expect(text).not.toContain(`"Fn::GetAtt":["${id}"`);
      expect(text).not.toContain(`\${${id}.Arn}`);
    }
  });

  it('says in its outputs what it uses', () => {
    expect(core.Outputs).toMatchObject({
      ExistingTable: { Value: 'baton-old' },
      ExistingBucket: { Value: 'old-objects' },
    });
  });
});

describe('the data in use is not swapped for other data by mistake', () => {
  const settings = (existing: Partial<CoreSettings['existing']>, throwAway = false) =>
    coreSettings('prod', { existing, throwAway });
  const stack = (outputs: Record<string, string>): DeployedStack => ({
    status: 'UPDATE_COMPLETE',
    outputs: new Map(Object.entries(outputs)),
    tags: new Map(),
    lookedUp: new Map(),
  });
  const OWN = { HttpApiId: 'x' };

  it('a stack that uses an existing table is not deployed without it', () => {
    expect(() => guardData(settings({}), stack({ ...OWN, ExistingTable: 'baton-old' }))).toThrow(
      'baton-prod uses the existing table baton-old: give --param existing-table=baton-old again, or write it into serverless.yml (params.prod)',
    );
  });

  it('a table that would be deleted with its data is not replaced', () => {
    expect(() => guardData(settings({ Table: 'baton-new' }, true), stack(OWN))).toThrow(
      'existing-table: baton-prod has a table of its own, which would be deleted with its data; deploy with --param throw-away=false first',
    );
  });

  it.each<[string, CoreSettings, DeployedStack | undefined]>([
    ['the first deployment, with data of its own', settings({}), undefined],
    ['the first deployment, with data that is there', settings({ Table: 'baton-old' }), undefined],
    [
      'a stack whose first deployment ended early',
      settings({ Table: 'baton-old' }, true),
      stack({}),
    ],
    ['the same data again', settings({ Table: 'a' }), stack({ ...OWN, ExistingTable: 'a' })],
    ['a restored table instead of one that stays', settings({ Table: 'restored' }), stack(OWN)],
    ['data of its own', settings({}), stack(OWN)],
  ])('goes through: %s', (_, core, deployed) => {
    expect(() => guardData(core, deployed)).not.toThrow();
  });
});
