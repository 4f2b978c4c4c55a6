import { runsInContainer } from './container.ts';
import { coreValue } from './core-parameters.ts';
import { logicalIdOf, type PluginFunction } from './plugin-function.ts';
import type { Resource } from './plugin-service.ts';

const BY_LAMBDA = {
  Effect: 'Allow',
  Principal: { Service: 'lambda.amazonaws.com' },
  Action: 'sts:AssumeRole',
};

/**
 * Tasks of ECS, and pods of EKS by Pod Identity, which also tags the session; of this account only.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 */
const BY_CONTAINERS = {
  Effect: 'Allow',
  Principal: { Service: ['ecs-tasks.amazonaws.com', 'pods.eks.amazonaws.com'] },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
  Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
};

/**
 * The role of a plugin's function, or of its containers: it takes its own tasks, answers them, and does what its author lists; a function
 * also writes its log, which a container leaves to what runs it.
 */
export function roleOf(plugin: PluginFunction): Record<string, Resource> {
  const id = logicalIdOf(plugin);
  return {
    [`${id}Role`]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [runsInContainer(plugin) ? BY_CONTAINERS : BY_LAMBDA],
        },
        Policies: [
          {
            PolicyName: 'plugin',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                ...(runsInContainer(plugin) ? [] : [writeLogOf(plugin)]),
                {
                  Effect: 'Allow',
                  Action: [
                    'sqs:ReceiveMessage',
                    'sqs:DeleteMessage',
                    'sqs:ChangeMessageVisibility',
                    'sqs:GetQueueAttributes',
                  ],
                  Resource: { 'Fn::GetAtt': [`${id}Queue`, 'Arn'] },
                },
                {
                  Effect: 'Allow',
                  Action: 'sqs:SendMessage',
                  Resource: coreValue('CoreOrchestratorQueueArn'),
                },
                // Inputs and results that are too large for messages, and files. IAM cannot tell one order's from another's.
                {
                  Effect: 'Allow',
                  Action: ['s3:GetObject', 's3:PutObject'],
                  Resource: { 'Fn::Sub': `\${CoreBucketArn}/orders/*` },
                },
                ...plugin.settingsNeed,
                ...plugin.block.statements,
              ],
            },
          },
        ],
      },
    },
  };
}

const writeLogOf = ({ functionName }: PluginFunction) => ({
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: {
    'Fn::Sub': `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/${functionName}:*`,
  },
});
