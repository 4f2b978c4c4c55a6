import { complaintAbout } from '../../src/aws/environment.ts';
import { CoreError, type CoreService } from './core-service.ts';

/** An order's journal goes so many days after `retention-days` at most (src/ports/retention.ts). */
const A_WEEK_DAYS = 7;

/** Refuses values that CloudFormation takes and the functions do not, or that lose what they are to keep. @throws {CoreError} */
export function checkValues({ custom, provider }: CoreService): void {
  checkVariables(provider.environment);
  const { existing, given } = custom.core;
  // The rules of a bucket that is there already are not the stack's.
  if (existing.Bucket === '') checkRetention(given);
}

/** Each function reads all of them when it starts: of a value that does not fit, none would do anything any more. */
function checkVariables(environment: Readonly<Record<string, unknown>>): void {
  for (const [variable, value] of Object.entries(environment)) {
    // What is no value yet refers to a resource.
    if (typeof value === 'object') continue;
    const complaint = complaintAbout(variable, String(value));
    if (complaint !== undefined)
      throw new CoreError(`${parameterOf(variable)} ${complaint}: "${value}"`);
  }
}

/** BATON_RETENTION_DAYS holds the parameter `retention-days`. A test compares them. */
export function parameterOf(variable: string): string {
  return variable.replace('BATON_', '').toLowerCase().replaceAll('_', '-');
}

interface Retention {
  readonly retentionDays: string | number;
  readonly objectRetentionDays: string | number;
}

/** What of a journal is too large for the table lies in the bucket: without it, the order cannot be shown. */
function checkRetention({ retentionDays, objectRetentionDays }: Retention): void {
  const least = Number(retentionDays) + A_WEEK_DAYS;
  if (Number(objectRetentionDays) >= least) return;
  throw new CoreError(
    `object-retention-days: ${least} or more, a week above retention-days, not "${objectRetentionDays}": orders that are still kept would lose what is too large for the table`,
  );
}
