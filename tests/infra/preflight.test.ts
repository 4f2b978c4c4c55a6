import { describe, expect, it } from '@jest/globals';
import {
  type Found,
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
