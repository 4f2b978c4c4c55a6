import { CoreError, type CoreResource, type CoreService } from './core-service.ts';

/** The parameter that names an event bus; empty where it is not given. */
export interface EventBusParameter {
  readonly eventBus: string;
}

/** What EventBridge takes for the name of a bus: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html */
const BUS = /^[\w./-]{1,256}$/;

const FOURTEEN_DAYS_SECONDS = 14 * 24 * 60 * 60;

/**
 * Puts all facts of the lifecycle topic on an event bus as well: SNS delivers to none itself, so a pipe reads them from a queue. It is
 * there only where a bus is named. Then the pipe's polling costs $0.26 a month, and a million facts $1.40 and the requests to the queue:
 * https://aws.amazon.com/eventbridge/pricing/
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-sqs.html
 * @throws {CoreError}
 */
export function relayToBus(service: CoreService, { eventBus }: EventBusParameter): void {
  if (eventBus === '') return;
  checkBus(eventBus);
  const { system, stage } = service.custom.core;
  const busArn = {
    'Fn::Sub': `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:event-bus/${eventBus}`,
  };
  service.resources.Resources = {
    ...service.resources.Resources,
    ...queueOfTopic(`${system}-${stage}-event-bus`),
    EventBusRole: roleOfPipe(busArn),
    EventBusPipe: {
      Type: 'AWS::Pipes::Pipe',
      Properties: {
        Name: `${system}-${stage}-event-bus`,
        Description: 'Puts facts of the lifecycle topic on the event bus.',
        RoleArn: { 'Fn::GetAtt': ['EventBusRole', 'Arn'] },
        Source: { 'Fn::GetAtt': ['EventBusQueue', 'Arn'] },
        SourceParameters: { SqsQueueParameters: { BatchSize: 10 } },
        Target: busArn,
        TargetParameters: {
          EventBridgeEventBusParameters: {
            Source: `baton.${system}-${stage}`,
            DetailType: '$.body.type',
          },
          // The CloudEvent as it is.
          InputTemplate: '<$.body>',
        },
      },
    },
  };
}

/**
 * A name, since a pipe reaches only buses of its own account and region.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html
 */
function checkBus(eventBus: string): void {
  if (eventBus.startsWith('arn:')) {
    throw new CoreError(
      `event-bus: "${eventBus}" is an ARN, and a pipe reaches only buses of this account and region: give the name of one; a rule on it can forward the facts to another bus (docs/choreography.md#to-an-event-bus)`,
    );
  }
  if (!BUS.test(eventBus)) {
    throw new CoreError(`event-bus: "${eventBus}" is not the name of an event bus`);
  }
}

/** A queue that gets all facts. What the bus does not take stays in it for two weeks. */
function queueOfTopic(name: string): Readonly<Record<string, CoreResource>> {
  const queueArn = { 'Fn::GetAtt': ['EventBusQueue', 'Arn'] };
  return {
    EventBusQueue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: name,
        MessageRetentionPeriod: FOURTEEN_DAYS_SECONDS,
        SqsManagedSseEnabled: true,
      },
    },
    EventBusQueuePolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'EventBusQueue' }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'sns.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: queueArn,
              Condition: { ArnEquals: { 'aws:SourceArn': { Ref: 'LifecycleTopic' } } },
            },
          ],
        },
      },
    },
    EventBusSubscription: {
      Type: 'AWS::SNS::Subscription',
      Properties: {
        TopicArn: { Ref: 'LifecycleTopic' },
        Protocol: 'sqs',
        Endpoint: queueArn,
        RawMessageDelivery: true,
      },
    },
  };
}

function roleOfPipe(busArn: unknown): CoreResource {
  const allow = (Action: string | readonly string[], Resource: unknown) => ({
    ...{ Effect: 'Allow', Action, Resource },
  });
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'pipes.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ],
      },
      Policies: [
        {
          PolicyName: 'event-bus',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], {
                'Fn::GetAtt': ['EventBusQueue', 'Arn'],
              }),
              allow('events:PutEvents', busArn),
            ],
          },
        },
      ],
    },
  };
}
