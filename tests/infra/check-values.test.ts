import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseDocument } from 'yaml';
import { checkValues, parameterOf } from '../../infra/core-resources/check-values.ts';
import type { CoreService, CoreSettings } from '../../infra/core-resources/core-service.ts';
import { coreSettings } from './core-settings.ts';
import { PROJECT } from './package-service.ts';

function coreWith(
  environment: CoreService['provider']['environment'],
  settings: Parameters<typeof coreSettings>[1] = {},
): CoreService {
  return {
    custom: { core: coreSettings('prod', settings) },
    provider: { environment, httpApi: {} },
    functions: {},
    resources: { Resources: {} },
  };
}

const retained = (
  given: Partial<CoreSettings['given']>,
  existing: Partial<CoreSettings['existing']> = {},
) => coreWith({}, { given, existing });

describe("values of the core's parameters", () => {
  // Was: the deployment went through, and every function failed at its start, with all orders in flight. Now: nothing is sent.
  it.each([
    ['BATON_RETENTION_DAYS', 'a-month', 'retention-days must be a number: "a-month"'],
    ['BATON_RETENTION_DAYS', 0, 'retention-days is less than a day: "0"'],
    ['BATON_RETENTION_DAYS', 7.5, 'retention-days must be a whole number: "7.5"'],
    ['BATON_MAX_INPUT_BYTES', '5MB', 'max-input-bytes must be a number: "5MB"'],
    [
      'BATON_SUBSCRIPTION_SETTLES_SECONDS',
      -1,
      'subscription-settles-seconds must not be negative: "-1"',
    ],
  ])('%s=%s: is refused before anything is sent', (variable, value, reason) => {
    expect(() => checkValues(coreWith({ [variable]: value }))).toThrow(reason);
  });

  it('that the functions take are taken, and so is what is known only in the account', () => {
    const environment = {
      ...{ BATON_RETENTION_DAYS: '90', BATON_MAX_INPUT_BYTES: 1024, NODE_OPTIONS: '' },
      ...{ BATON_TABLE_NAME: { Ref: 'Table' }, BATON_ORCHESTRATOR_QUEUE_URL: { Ref: 'Queue' } },
    };
    expect(() => checkValues(coreWith(environment))).not.toThrow();
  });

  it('are called as in serverless.yml', async () => {
    const text = await readFile(path.join(PROJECT, 'serverless.yml'), 'utf8');
    const { provider } = parseDocument(text, { logLevel: 'silent' }).toJS();
    const numbers = Object.entries<string>(provider.environment).filter(([name]) =>
      /DAYS|BYTES|SECONDS/.test(name),
    );
    expect(numbers).toHaveLength(3);
    for (const [name, value] of numbers) expect(value).toBe(`\${param:${parameterOf(name)}}`);
  });

  // Was: with retention-days=730 alone, what is too large for the table was gone after 400 days. Now: refused.
  it('keep the files of an order for as long as its journal', () => {
    expect(() => checkValues(retained({ retentionDays: '730' }))).toThrow(
      'object-retention-days: 737 or more, a week above retention-days, not "400"',
    );
    expect(() => checkValues(retained({ objectRetentionDays: 36 }))).toThrow('37 or more');
    expect(() => checkValues(retained({ objectRetentionDays: '37' }))).not.toThrow();
    expect(() => checkValues(retained({ objectRetentionDays: 'a year' }))).toThrow('not "a year"');
    expect(() => checkValues(retained({ retentionDays: 730 }, { Bucket: 'kept' }))).not.toThrow();
  });
});
