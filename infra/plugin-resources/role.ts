import { logicalIdOf, type PluginFunction } from './plugin-function.ts';
import { prefixOf, type Resource, type System } from './plugin-service.ts';

/** The role of a plugin's function: it takes its own tasks, answers them, writes its log, and does what its author lists. */
export function roleOf(plugin: PluginFunction, system: System): Record<string, Resource> {
  const id = logicalIdOf(plugin);
  return {
    [`${id}Role`]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'lambda.amazonaws.com' },
              Action: 'sts:AssumeRole',
            },
          ],
        },
        Policies: [
          {
            PolicyName: 'plugin',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [
                {
                  Effect: 'Allow',
                  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
                  Resource: {
                    'Fn::Sub': `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/${plugin.functionName}:*`,
                  },
                },
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
                  // By name: a reference to the core's parameter is one of 60 that a template may hold, and the API's URL needs one.
                  Resource: {
                    'Fn::Sub': `arn:\${AWS::Partition}:sqs:\${AWS::Region}:\${AWS::AccountId}:${prefixOf(system)}-orchestrator`,
                  },
                },
                ...plugin.block.statements,
              ],
            },
          },
        ],
      },
    },
  };
}
