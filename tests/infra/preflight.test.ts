import { describe, expect, it } from '@jest/globals';
import {
  type Found,
  isUnfinished,
  preflightLines,
  reasonAgainstDeployment,
  STACKS,
} from '../../infra/deploy/preflight.ts';
import { readPlan, type ServicePlan } from '../../infra/deploy/service-plan.ts';
import type { DeployedStack } from '../../infra/stacks/describe-stack.ts';
import { ownerTagOf, reasonAgainstStack } from '../../infra/stacks/reason-against-stack.ts';
import { PROJECT } from './package-service.ts';

const CORE: ServicePlan = {
  folder: '.',
  stackName: 'baton-dev',
  functions: 15,
  plugins: [],
  orchestrateConcurrency: 100,
};
const ARITHMETIC: ServicePlan = {
  folder: 'plugins/arithmetic',
  stackName: 'baton-dev-arithmetic',
  functions: 2,
  plugins: [
    { name: 'A', concurrency: 10 },
    { name: 'B', concurrency: 10 },
  ],
};

const ADOPTING: ServicePlan = { ...CORE, adoptsTable: true };
const MADE = new Map([['baton-dev', 'UPDATE_COMPLETE']]);

const found = (more: Partial<Found> = {}): Found => ({
  account: '123456789012',
  caller: 'arn:aws:iam::123456789012:user/alice',
  region: 'eu-west-1',
  concurrency: { all: 1000, unreserved: 1000 },
  stacks: new Map(),
  denied: [],
  ...more,
});

const linesOf = (more?: Partial<Found>) => preflightLines(found(more), [CORE, ARITHMETIC]);

describe('the preflight', () => {
  it('says where the deployment goes, as whom, and what it makes', () => {
    expect(linesOf({ stacks: new Map([['baton-dev', 'UPDATE_COMPLETE']]) })).toEqual([
      'account 123456789012, region eu-west-1, as arn:aws:iam::123456789012:user/alice',
      'core: updates the stack baton-dev (UPDATE_COMPLETE), 15 functions: core',
      'plugins/arithmetic: makes the stack baton-dev-arithmetic, 2 functions: plugins A, B',
      'concurrency: the account runs 1000 instances at once in this region, 1000 without a reserve; under load orchestrate takes 100 and 2 plugins 20',
      expect.stringContaining('permissions: not known before the deployment'),
    ]);
  });

  it('says what a small account means', () => {
    const [, , , line] = linesOf({ concurrency: { all: 10, unreserved: 10 } });
    expect(line).toContain('runs 10 instances at once');
    expect(line).toContain("a small account's limit: orders wait for each other");
  });

  it('says that the functions together want more than there is', () => {
    const [, , , line] = linesOf({ concurrency: { all: 1000, unreserved: 110 } });
    expect(line).toContain('more than there is');
  });

  it('says what it was not told', () => {
    const { concurrency: _, ...rest } = found({ denied: ['lambda:GetAccountSettings'] });
    const lines = preflightLines(rest, [CORE]);
    expect(lines).toContain('concurrency: the account does not tell its limit');
    expect(lines.at(-1)).toBe('not told: lambda:GetAccountSettings (the call was refused)');
  });

  it('ends a deployment that would fail for want of a permission, and names it', () => {
    const allowed = new Map([
      ['sqs:CreateQueue', true],
      ['iam:CreateRole', false],
    ]);
    expect(linesOf({ allowed }).at(-1)).toBe(
      'permissions: missing iam:CreateRole; docs/deployer-policy.json has them',
    );
    expect(reasonAgainstDeployment(found({ allowed }), CORE)).toContain('may not iam:CreateRole');
  });

  it.each([
    ['UPDATE_IN_PROGRESS', true],
    ['UPDATE_COMPLETE', false],
    ['REVIEW_IN_PROGRESS', false],
  ])('does not begin while a stack is %s: %p', (status, ends) => {
    const reason = reasonAgainstDeployment(
      found({ stacks: new Map([['baton-dev', status]]) }),
      CORE,
    );
    expect(reason !== undefined).toBe(ends);
  });

  it.each([
    ['without its stack', found({ table: 'baton-dev' }), CORE, true],
    ['that the stack is told to use', found({ table: 'baton-dev' }), ADOPTING, false],
    ['of the stack', found({ table: 'baton-dev', stacks: MADE }), CORE, false],
    ['that is not there', found(), CORE, false],
    ['while nobody tells of stacks', found({ table: 'baton-dev', denied: [STACKS] }), CORE, false],
  ])('ends a deployment over a table %s: %#', (_, account, core, ends) => {
    const reason = reasonAgainstDeployment(account, core);
    const told = 'the table baton-dev is there already, without the stack baton-dev';
    expect(reason?.startsWith(told) ?? false).toBe(ends);
  });

  // Was: after a first deployment that was rolled back, the stack was there, and each retry failed with "already exists".
  // Now: what it has left is named before anything is sent, with the commands.
  it('ends a deployment over what a first one, rolled back, has left', () => {
    const left = {
      ...{ isUnfinished: true, stacks: new Map([['baton-dev', 'UPDATE_ROLLBACK_COMPLETE']]) },
      ...{ table: 'baton-dev', bucket: 'baton-dev-objects-123456789012-eu-west-1-an' },
    };
    expect(reasonAgainstDeployment(found(left), { ...CORE, profile: 'work' })?.split('\n')).toEqual(
      [
        'the table baton-dev and the bucket baton-dev-objects-123456789012-eu-west-1-an are there already, and the stack baton-dev does not own them: its first deployment was rolled back and left them, and each further one would fail with "already exists".',
        'To keep what is in it, deploy with',
        '  --param existing-table=baton-dev --param existing-bucket=baton-dev-objects-123456789012-eu-west-1-an',
        'To begin without it, delete it for good, and deploy again:',
        '  aws dynamodb update-table --no-deletion-protection-enabled --table-name baton-dev --region eu-west-1 --profile work',
        '  aws dynamodb wait table-exists --table-name baton-dev --region eu-west-1 --profile work',
        '  aws dynamodb delete-table --table-name baton-dev --region eu-west-1 --profile work',
        '  aws dynamodb wait table-not-exists --table-name baton-dev --region eu-west-1 --profile work',
        '  aws s3 rb s3://baton-dev-objects-123456789012-eu-west-1-an --force --region eu-west-1 --profile work',
        'More: docs/deploy.md#data-that-stays',
      ],
    );
    const ofBucket = reasonAgainstDeployment(found(left), ADOPTING);
    expect(ofBucket).toMatch(/^the bucket \S+ is there already, and the stack/);
    expect(ofBucket).not.toContain('dynamodb');
    const both = { ...ADOPTING, adoptsBucket: true };
    expect(reasonAgainstDeployment(found(left), both)).toBeUndefined();
    expect(reasonAgainstDeployment(found({ ...left, isUnfinished: false }), CORE)).toBeUndefined();
  });

  it.each([
    ['the first deployment was rolled back', 'UPDATE_ROLLBACK_COMPLETE', {}, true],
    ['it has the bucket of the tool only', 'CREATE_COMPLETE', {}, true],
    ['it was complete once', 'UPDATE_ROLLBACK_COMPLETE', { HttpApiId: 'x' }, false],
    ['it failed without being rolled back, and owns what it made', 'UPDATE_FAILED', {}, false],
  ])('takes the stack for unfinished where %s: %#', (_, status, outputs, expected) => {
    const given = new Map(Object.entries({ ServerlessDeploymentBucketName: 'b', ...outputs }));
    const stack = { status, outputs: given, tags: new Map(), lookedUp: new Map() };
    expect(isUnfinished(stack)).toBe(expected);
  });

  it('reads what a service consists of from its file', async () => {
    expect(await readPlan(PROJECT, 'plugins/arithmetic', 'baton-dev', 'dev')).toEqual(ARITHMETIC);
    expect(await readPlan(PROJECT, '.', 'baton-dev', 'dev')).toMatchObject({
      stackName: 'baton-dev',
      plugins: [],
      orchestrateConcurrency: 100,
    });
  });
});

describe('a stack of the same name', () => {
  const stack = (more: Partial<DeployedStack>): DeployedStack => ({
    status: 'UPDATE_COMPLETE',
    outputs: new Map(),
    tags: new Map(),
    lookedUp: new Map(),
    ...more,
  });
  const core = (tag: string) =>
    stack({ tags: new Map([['baton', tag]]), outputs: new Map([['HttpApiId', 'x']]) });
  const plugins = (tag: string) =>
    stack({ tags: new Map([['baton', tag]]), lookedUp: new Map([['/baton/a/b/core-id', 'x']]) });
  const against = (deployed: DeployedStack | undefined, isCore = true) =>
    reasonAgainstStack('a-b-c', deployed, { owner: ownerTagOf('a', 'b-c'), isCore });

  // Was: system a-b in stage c took over the stack of system a in stage b-c, which has the same name. Now: refused.
  it('of another system is not taken over', () => {
    expect(against(core('a-b/c'))).toBe(
      'the stack a-b-c is there already and belongs to a-b/c, not to a/b-c: choose another system or stage',
    );
  });

  it('is not turned from a plugin service into a core, nor from a core into a plugin service', () => {
    expect(against(plugins('a/b-c'))).toContain('is that of a plugin service');
    expect(against(core('a/b-c'), false)).toContain('is a core: rename the service');
  });

  // Was: taken for a core as soon as its last plugin had gone, and never deployed again. Now: its own tag tells.
  it('of a service with an API of its own is still that service when its last plugin has gone', () => {
    const found = reasonAgainstStack('a-b-c-photos', core('a/b-c'), {
      owner: ownerTagOf('a', 'b-c'),
      isCore: false,
    });
    expect(found).toBeUndefined();
  });

  it.each([
    ['there is none', undefined, true],
    ['it is its own', core('a/b-c'), true],
    ['it is its own, of plugins', plugins('a/b-c'), false],
    ['its first deployment ended early', stack({}), false],
    ['it was deployed before stacks had this tag', core('a-b-c'), true],
  ])('goes through where %s', (_, deployed, isCore) => {
    expect(against(deployed, isCore)).toBeUndefined();
  });
});
