/**
 * The rules for the name of a system and of its stage. Together they are the beginning of the names of its stacks, queues, functions and
 * bucket; the system's is also the name of its data folder on a laptop.
 *
 * The bucket's name bounds them: lower case, 63 characters at most, of which `-objects`, and the account and region that S3 puts behind it
 * (`-123456789012-ap-southeast-5-an`), take 39.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
 *
 * A stack's name begins with a letter:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
 */
const LONGEST_PREFIX = 24;

/** Leaves the stage five characters: `local` is one of them. */
const LONGEST_SYSTEM = 18;

const SYSTEM_NAME = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;
const STAGE_NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/** Beginnings that S3 keeps for itself. */
const RESERVED = ['xn--', 'sthree-', 'amzn-s3-demo-'];

export const SYSTEM_NAME_RULE = `it begins with a lower-case letter, goes on with lower-case letters, digits and hyphens, does not end with a hyphen, and has ${LONGEST_SYSTEM} characters at most`;

const STAGE_NAME_RULE =
  'it has lower-case letters, digits and hyphens, and neither begins nor ends with a hyphen';

export function isSystemName(name: string): boolean {
  return name.length <= LONGEST_SYSTEM && SYSTEM_NAME.test(name);
}

/** What is wrong with the names, with the rule; nothing if AWS takes everything that is called after them. */
export function reasonAgainstNames(system: string, stage: string): string | undefined {
  if (!isSystemName(system)) return `the system name "${system}": ${SYSTEM_NAME_RULE}`;
  if (!STAGE_NAME.test(stage)) return `the stage "${stage}": ${STAGE_NAME_RULE}`;
  const prefix = `${system}-${stage}`;
  if (prefix.length > LONGEST_PREFIX) {
    return `"${prefix}" has ${prefix.length} characters: system and stage have ${LONGEST_PREFIX} at most with the hyphen between them, since the account and the region stand behind them in the bucket's name`;
  }
  const reserved = RESERVED.find((start) => `${prefix}-`.startsWith(start));
  return reserved && `"${prefix}" begins with ${reserved}, which S3 keeps for itself`;
}
