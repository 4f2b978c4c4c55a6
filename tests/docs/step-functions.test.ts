import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { TrialPlugin } from 'batonflow/sdk/testing';
import { tryWorkflow } from 'batonflow/sdk/testing';
import { blocksOf } from './blocks.ts';

const PAGE = 'docs/from-step-functions.md';

/** Every field of the Amazon States Language, as the schemas of asl-validator 4 have them; `…Path` and comparisons by their kinds. */
const FIELDS =
  `Arguments Assign BackoffRate Branches Catch Cause Choices Comment Condition Credentials Default Error ErrorEquals
  HeartbeatSeconds HeartbeatSecondsPath InputPath IntervalSeconds ItemBatcher ItemReader ItemSelector ItemsPath Label MaxAttempts
  MaxConcurrency MaxDelaySeconds JitterStrategy Output OutputPath Parameters QueryLanguage Resource Result ResultPath ResultSelector
  ResultWriter Retry Seconds SecondsPath TimeoutSeconds TimeoutSecondsPath Timestamp TimestampPath ToleratedFailureCount
  ToleratedFailurePercentage Version And Or Not StringEquals NumericEquals BooleanEquals TimestampEquals StringMatches IsPresent IsNull
  IsString IsNumeric IsBoolean IsTimestamp …GreaterThan …GreaterThanEquals …LessThan …LessThanEquals
  Task Pass Choice Wait Parallel Map Succeed Fail`.split(/\s+/);

it('the guide has an answer for every state and every field of the language', () => {
  const page = readFileSync(PAGE, 'utf8');
  const words = new Set(page.match(/[\w…]+/g));
  expect(FIELDS.filter((field) => !words.has(field))).toEqual([]);
});

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Resource?: string;
  readonly Choices?: readonly { Variable: string; NumericGreaterThan: number; Next: string }[];
  readonly Default?: string;
  readonly Branches?: readonly Machine[];
  readonly Catch?: readonly { Next: string }[];
}

interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** The functions that a state machine calls, in turn, where each hands back its input; a broken one fails for good. */
function called(
  { StartAt, States }: Machine,
  input: Readonly<Record<string, unknown>>,
  broken?: string,
): { readonly functions: readonly string[]; readonly failed: boolean } {
  const functions: string[] = [];
  let at: string | undefined = StartAt;
  while (at !== undefined) {
    const state: State = States[at]!;
    let failed = state.Type === 'Fail';
    if (state.Type === 'Task') {
      const name = state.Resource?.split(':').at(-1) ?? '';
      functions.push(name);
      failed = name === broken;
    }
    for (const branch of state.Branches ?? []) {
      const inside = called(branch, input, broken);
      functions.push(...inside.functions);
      failed ||= inside.failed;
    }
    const caught = failed ? state.Catch?.[0]?.Next : undefined;
    if (failed && caught === undefined) return { functions, failed };
    const choice = state.Choices?.find(
      ({ Variable, NumericGreaterThan }) => Number(input[Variable.slice(2)]) > NumericGreaterThan,
    );
    at = caught ?? choice?.Next ?? state.Default ?? state.Next;
  }
  return { functions, failed: false };
}

describe('the example does here what it did in Step Functions:', () => {
  const blocks = blocksOf(PAGE);
  const machine = JSON.parse(blocks.find(({ info }) => info === 'json asl')!.text) as Machine;
  const workflow = blocks.find(({ info }) => info === 'yaml workflow')!.text;

  it.each([
    ['a dear order is approved', { amount: 1500 }, undefined],
    ['a cheap one is not', { amount: 80 }, undefined],
    ['what fails in the parallel part is apologized for', { amount: 80 }, 'frame'],
    ['what fails before ends the order', { amount: 1500 }, 'approve'],
  ])('%s', async (_, input, broken) => {
    const stub: TrialPlugin = { error: 'broken', retry: { maxAttempts: 1 } };
    const { order, dispatched } = await tryWorkflow(workflow, {
      input,
      plugins: broken === undefined ? {} : { [broken]: stub },
    });
    const elsewhere = called(machine, input, broken);
    expect(dispatched.map(({ plugin }) => plugin)).toEqual(elsewhere.functions);
    expect(order.status).toBe(elsewhere.failed ? 'failed' : 'completed');
  });
});
