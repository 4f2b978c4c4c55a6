import { pluginQueueName } from '../../contract/plugin-queues.ts';
import type { PluginDefinition } from '../../core/plugin.ts';

/** Where a system lives, and what its resources are called, as the topic of registrations tells: no sender has a say in it. */
export interface Home {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  /** `<system>-<stage>`, with which the names of its resources begin. */
  readonly prefix: string;
}

/** A plugin's queue. */
export interface Queue {
  readonly queueUrl: string;
  readonly queueArn: string;
}

/** By partition, what the names of AWS's hosts end with. The isolated partitions are not supported. */
const DNS_SUFFIXES: ReadonlyMap<string, string> = new Map([
  ['aws', 'amazonaws.com'],
  ['aws-us-gov', 'amazonaws.com'],
  ['aws-cn', 'amazonaws.com.cn'],
  ['aws-eusc', 'amazonaws.eu'],
]);

/** The system whose topic of registrations this is. */
export function homeOf(topicArn: string): Home {
  const [, partition, region, account, prefix] =
    /^arn:([\w-]+):sns:([\w-]+):(\d+):(.+)-registrations$/.exec(topicArn) ?? [];
  if (!partition || !region || !account || !prefix) {
    throw new Error(`${topicArn} is no topic of registrations`);
  }
  return { partition, region, account, prefix };
}

/**
 * Whether CloudFormation in the system's region listens there: in a bucket of its own, whose name nobody else can have.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/vpc-interface-endpoints.html (the bucket's name)
 * @param localOrigins Where an imitation of AWS listens, if the environment says that there is one.
 */
export function isAnswerAddress(
  address: string,
  { partition, region }: Home,
  localOrigins: readonly string[],
): boolean {
  const { protocol, origin, hostname, port, username } = new URL(address);
  if (localOrigins.includes(origin)) return true;
  const suffix = DNS_SUFFIXES.get(partition);
  if (suffix === undefined || protocol !== 'https:' || port !== '' || username !== '') return false;
  const bucket = `cloudformation-custom-resource-response-${region.replaceAll('-', '')}`;
  const endpoints = ['s3', `s3.${region}`, `s3-${region}`, `s3.dualstack.${region}`];
  return endpoints.some((endpoint) => hostname === `${bucket}.${endpoint}.${suffix}`);
}

/**
 * Whether the answer would reach the stack that the request names. CloudFormation's address has the stack's id in its path; an address
 * made for one stack must not carry the key that another one's request asks for. An address that names no stack is left to the host.
 */
export function isAnswerAddressOf(stackId: string, address: string): boolean {
  const path = decodeURIComponent(new URL(address).pathname);
  return !path.includes(':stack/') || path.startsWith(`/${stackId}|`);
}

/** Whether the stack is of the system's own account and region. */
export function isStackOf(stackId: string, { partition, region, account }: Home): boolean {
  return stackId.startsWith(`arn:${partition}:cloudformation:${region}:${account}:stack/`);
}

/** Whether the queue is the one that the system has for the plugin. */
export function isQueueOf(
  plugin: Pick<PluginDefinition, 'name' | 'ordered'>,
  { queueArn, queueUrl }: Queue,
  { partition, region, account, prefix }: Home,
  localOrigins: readonly string[],
): boolean {
  const name = pluginQueueName(plugin, prefix);
  const { protocol, host, pathname } = new URL(queueUrl);
  // Imitations have URLs of their own, such as LocalStack's /queue/us-east-1/000000000000/name.
  const isLocal = localOrigins.length > 0;
  const hosts = [`sqs.${region}`, `${region}.queue`].map(
    (start) => `${start}.${DNS_SUFFIXES.get(partition)}`,
  );
  return (
    queueArn === `arn:${partition}:sqs:${region}:${account}:${name}` &&
    (isLocal
      ? pathname.endsWith(`/${account}/${name}`)
      : pathname === `/${account}/${name}` && protocol === 'https:' && hosts.includes(host))
  );
}
