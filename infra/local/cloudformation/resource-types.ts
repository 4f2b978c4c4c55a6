import { dynamodbTable } from './dynamodb-table.ts';
import type { ResourceType } from './resource.ts';
import { s3Bucket } from './s3-bucket.ts';
import { snsSubscription } from './sns-subscription.ts';
import { snsTopic } from './sns-topic.ts';
import { sqsQueue } from './sqs-queue.ts';

/** Types that are created over the wire. */
export const WIRE_TYPES: Record<string, ResourceType> = {
  'AWS::DynamoDB::Table': dynamodbTable,
  'AWS::S3::Bucket': s3Bucket,
  'AWS::SNS::Subscription': snsSubscription,
  'AWS::SNS::Topic': snsTopic,
  'AWS::SQS::Queue': sqsQueue,
};

/** Types that the stack itself plays: see stack.ts. */
const PLAYED_TYPES = new Set([
  'AWS::CloudWatch::Alarm',
  'AWS::Lambda::EventSourceMapping',
  'AWS::SSM::Parameter',
  'Custom::BatonPlugin',
]);

/**
 * Types that need nothing locally: permissions (nobody is refused here), logs, gauges, and what belongs to a
 * function or a route that serverless-offline reads from the function itself. A namespace stands for all its types.
 */
const NOTHING_NEEDED = [
  'AWS::IAM::',
  'AWS::CloudWatch::',
  'AWS::Logs::',
  'AWS::ApiGatewayV2::',
  'AWS::ResourceGroups::',
  'AWS::KMS::',
  'AWS::Pipes::',
  'AWS::SQS::QueuePolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::S3::BucketPolicy',
  'AWS::Lambda::Permission',
  'AWS::Lambda::EventInvokeConfig',
  // A service that goes is drained by the stack itself (services/deployed-service.ts).
  'Custom::BatonDrain',
];

export function needsNothingLocally(type: string): boolean {
  if (PLAYED_TYPES.has(type)) return false;
  return NOTHING_NEEDED.some((entry) =>
    entry.endsWith('::') ? type.startsWith(entry) : type === entry,
  );
}

export function isProvided(type: string): boolean {
  return type in WIRE_TYPES || PLAYED_TYPES.has(type) || needsNothingLocally(type);
}
