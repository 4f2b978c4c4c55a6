/**
 * The rule for the name of a system: the beginning of the names of its stacks, queues, functions and bucket, and the name
 * of its data folder on a laptop.
 *
 * A bucket's name bounds it: lower case, 63 characters at most
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html). `<system>-<stage>-objects-<account>` leaves 32
 * beside a stage of nine characters. A stack's name begins with a letter
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html).
 */
const LONGEST = 32;
const SYSTEM_NAME = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;

export const SYSTEM_NAME_RULE = `it begins with a lower-case letter, goes on with lower-case letters, digits and hyphens, does not end with a hyphen, and has ${LONGEST} characters at most`;

export function isSystemName(name: string): boolean {
  return name.length <= LONGEST && SYSTEM_NAME.test(name);
}
