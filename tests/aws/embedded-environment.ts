import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';

/** What a deployed function finds in its environment, here for embedded AWS. */
export function embeddedEnvironment(aws: EmbeddedAws) {
  return {
    AWS_ENDPOINT_URL: aws.awsEndpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
}
