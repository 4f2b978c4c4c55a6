import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { connectObjectService } from '../../src/aws-calls/object-service.ts';
import { connectQueueService } from '../../src/aws-calls/queue-service.ts';
import { connectTableService } from '../../src/aws-calls/table-service.ts';
import { connectTopicService } from '../../src/aws-calls/topic-service.ts';
import { embeddedEnvironment } from './embedded-environment.ts';

export type LocalCalls = ReturnType<typeof localCalls>;

/** The services as the core's adapters call them, here the embedded ones. */
export function localCalls(aws: EmbeddedAws) {
  const options = {
    maxAttempts: 1,
    patience: { connectionTimeout: 60_000, requestTimeout: 60_000 },
    variables: { ...embeddedEnvironment(aws), AWS_ENDPOINT_URL_DYNAMODB: aws.dynamodbEndpoint },
  };
  return {
    dynamodb: connectTableService(options),
    sqs: connectQueueService(options),
    sns: connectTopicService(options),
    s3: connectObjectService(options),
  };
}
