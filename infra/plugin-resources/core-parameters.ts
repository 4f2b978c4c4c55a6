import type { System } from './plugin-service.ts';

/** What a stack may ask of the core: the template's parameter, and its name in the Parameter Store below `/baton/<system>/<stage>/`. */
const CORE_PARAMETERS = {
  CoreId: 'core-id',
  CoreOrchestratorQueueUrl: 'orchestrator-queue-url',
  CoreOrchestratorQueueArn: 'orchestrator-queue-arn',
  CoreTasksTopicArn: 'tasks-topic-arn',
  CoreLifecycleTopicArn: 'lifecycle-topic-arn',
  CoreRegistrationsTopicArn: 'registrations-topic-arn',
  CoreAlarmsTopicArn: 'alarms-topic-arn',
  CoreBuryFunctionArn: 'bury-function-arn',
  CoreBucketName: 'bucket-name',
  CoreBucketArn: 'bucket-arn',
  CoreApiUrl: 'api-url',
} as const;

export type CoreParameter = keyof typeof CORE_PARAMETERS;

/**
 * A value of the core's stack. CloudFormation looks it up whenever it makes or changes the stack, so that packaging needs no account and
 * a core that was made again is noticed. As a dynamic reference it would be looked up only when something else changes, and of those
 * references a template takes 60.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
 */
export const coreValue = (parameter: CoreParameter): { readonly Ref: CoreParameter } => ({
  Ref: parameter,
});

/** Declarations of the parameters to which the template refers. */
export function coreParametersIn(
  template: unknown,
  { name, stage }: System,
): Record<string, { readonly Type: string; readonly Default: string }> {
  const text = JSON.stringify(template);
  const used = Object.entries(CORE_PARAMETERS).filter(
    ([parameter]) => text.includes(`"Ref":"${parameter}"`) || text.includes(`\${${parameter}}`),
  );
  return Object.fromEntries(
    used.map(([parameter, stored]) => [
      parameter,
      { Type: 'AWS::SSM::Parameter::Value<String>', Default: `/baton/${name}/${stage}/${stored}` },
    ]),
  );
}
