import { mkdirSync } from 'node:fs';
import { startQueues } from './embedded/queues.ts';
import { failUncaught, type StoreFailed } from './embedded/store-failure.ts';
import { startTables } from './embedded/tables.ts';

export interface EmbeddedAwsOptions {
  /** Folder to keep the data in; without it everything is in memory and gone with `stop`. */
  dataDir?: string;
  /** Port of SQS, SNS and S3 on 127.0.0.1; 0, the default, takes a free one. */
  awsPort?: number;
  /** Port of DynamoDB on 127.0.0.1; 0, the default, takes a free one. */
  dynamodbPort?: number;
  /** Default `us-east-1`. */
  region?: string;
  /** Called once when a file in `dataDir` can no longer be written or read; default: an uncaught error. */
  failed?: StoreFailed;
}

export interface EmbeddedAws {
  /** SQS, SNS and S3, for `AWS_ENDPOINT_URL` or a client's `endpoint` (S3 with `forcePathStyle: true`). */
  awsEndpoint: string;
  /** DynamoDB, for `AWS_ENDPOINT_URL_DYNAMODB`. */
  dynamodbEndpoint: string;
  /** Deletes items whose time to live has passed, now; answers with their number. */
  reapExpired: () => Promise<number>;
  stop: () => Promise<void>;
}

/**
 * Starts SQS, SNS, S3 and DynamoDB in this process, over their real wire protocols, on 127.0.0.1.
 * The account is 000000000000; any credentials do.
 *
 * @example
 * const aws = await startEmbeddedAws();
 * const sqs = new SQSClient({ endpoint: aws.awsEndpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
 */
export async function startEmbeddedAws(options: EmbeddedAwsOptions = {}): Promise<EmbeddedAws> {
  const { dataDir, awsPort = 0, dynamodbPort = 0, region = 'us-east-1' } = options;
  const { failed = failUncaught } = options;
  if (dataDir) mkdirSync(dataDir, { recursive: true });
  const tables = await startTables({ folder: dataDir, port: dynamodbPort, region, failed });
  const queues = await startQueues({ folder: dataDir, port: awsPort, region, failed }).catch(
    async (error) => {
      await tables.stop();
      throw error;
    },
  );
  return {
    awsEndpoint: queues.endpoint,
    dynamodbEndpoint: tables.endpoint,
    reapExpired: tables.reapExpired,
    stop: async () => {
      await Promise.all([queues.stop(), tables.stop()]);
    },
  };
}
