import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { AwsConfig, DeployedStack } from '../stacks/describe-stack.ts';

/** Most parameters in one call: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
const MOST_NAMES = 10;

/**
 * Names in the Parameter Store whose values are no longer those with which the stack was deployed: the core was made again, or moved.
 * The deployment tool compares templates, in which nothing has changed, and so would find nothing to deploy.
 */
export async function changedCoreValues(
  config: AwsConfig,
  { lookedUp }: Pick<DeployedStack, 'lookedUp'>,
): Promise<readonly string[]> {
  const names = [...lookedUp.keys()];
  const now = await storedValues(config, names);
  return names.filter((name) => now.get(name) !== lookedUp.get(name));
}

/** Values of the Parameter Store; names that are not there are left out. */
async function storedValues(
  config: AwsConfig,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const client = new SSMClient(config);
  const values = new Map<string, string>();
  try {
    for (let at = 0; at < names.length; at += MOST_NAMES) {
      const Names = names.slice(at, at + MOST_NAMES);
      const { Parameters = [] } = await client.send(new GetParametersCommand({ Names }));
      for (const { Name = '', Value = '' } of Parameters) values.set(Name, Value);
    }
    return values;
  } finally {
    client.destroy();
  }
}
