import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

/** With which a client of AWS is made: region and credentials, as the deployment tool has them. */
export interface AwsConfig {
  readonly region: string;
}

/** A stack as it is deployed. */
export interface DeployedStack {
  readonly status: string;
  readonly outputs: ReadonlyMap<string, string>;
  readonly tags: ReadonlyMap<string, string>;
  /** By their names in the Parameter Store, the values that the stack looked up when it was last deployed. */
  readonly lookedUp: ReadonlyMap<string, string>;
}

/** `undefined` if there is no such stack. */
export async function describeStack(
  config: AwsConfig,
  stackName: string,
): Promise<DeployedStack | undefined> {
  const client = new CloudFormationClient(config);
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const [stack] = Stacks;
    if (stack === undefined) return undefined;
    return {
      status: String(stack.StackStatus),
      outputs: pairs(stack.Outputs, ({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
      tags: pairs(stack.Tags, ({ Key, Value }) => [Key, Value]),
      lookedUp: pairs(stack.Parameters, ({ ParameterValue, ResolvedValue }) => [
        ParameterValue,
        ResolvedValue,
      ]),
    };
  } catch (error) {
    if (/does not exist/.test((error as Error).message)) return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

function pairs<Item>(
  items: readonly Item[] | undefined,
  pairOf: (item: Item) => readonly [name: string | undefined, value: string | undefined],
): ReadonlyMap<string, string> {
  return new Map(
    (items ?? []).flatMap((item) => {
      const [name, value] = pairOf(item);
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
}
