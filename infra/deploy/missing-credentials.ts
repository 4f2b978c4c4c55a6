import { SQSClient } from '@aws-sdk/client-sqs';
import { defined } from '../../src/core/defined.ts';

const WAYS =
  'name a profile in AWS_PROFILE (or --aws-profile), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';

/**
 * Says on one line which credentials are missing; `undefined` if there are credentials. Whether AWS accepts them, only a call shows.
 * Any client of the SDK looks them up in the same way as the deployment tool.
 */
export async function missingCredentials(profile?: string): Promise<string | undefined> {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = process.env;
  const named = profile ?? process.env.AWS_PROFILE;
  if (named === undefined && Boolean(id) !== Boolean(secret)) {
    const absent = id ? 'AWS_SECRET_ACCESS_KEY' : 'AWS_ACCESS_KEY_ID';
    return `no AWS credentials: ${absent} is not set, but its counterpart is; ${WAYS}`;
  }
  const client = new SQSClient({ region: 'us-east-1', ...defined({ profile: named }) });
  try {
    await client.config.credentials();
    return undefined;
  } catch (error) {
    const from = named === undefined ? '' : ` in the profile "${named}"`;
    const [reason] = (error as Error).message.split('\n');
    return `no AWS credentials${from} (${reason}); ${WAYS}`;
  } finally {
    client.destroy();
  }
}
