/** A part of AWS that moto 5.2.5 lacks. docs/verify.md has the same table; tests/verify compares them. */
export interface Gap {
  readonly what: string;
  /** The message or behaviour of moto. */
  readonly symptom: string;
  /** How it is verified all the same, or that it is not. */
  readonly here: string;
}

export const MENDED: readonly Gap[] = [
  {
    what: 'ValidateTemplate',
    symptom:
      "Stack with id 'IngestRole' dependency already enforced by a 'GetAtt' at 'Resources/IngestLambdaFunction/Properties/Role' does not exist",
    here: 'moto/lint.py: it treats a cfn-lint warning as an error; cfn-lint has its own step',
  },
  {
    what: 'Template parameters whose values are in the Parameter Store',
    symptom:
      'looked up when a stack is made; an update compares the text of the templates, so that the parameter shows the new value and the resource keeps the old one; DescribeStacks shows no ResolvedValue',
    here: 'moto/stack_parameters.py changes what refers to a parameter with a new value, and what refers to a custom resource that changes with it',
  },
  {
    what: 'SNS subscriptions, queue policies, alarms, dashboards, HTTP APIs, invoke configurations in a template',
    symptom:
      "Tried to parse AWS::SNS::Subscription but it's not supported by moto's CloudFormation implementation",
    here: "moto/missing_types.py makes them with the same API calls as CloudFormation, checked against AWS's model of that API",
  },
  {
    what: 'Custom resources behind a topic',
    symptom: 'Function not found: arn:aws:sns:us-east-1:123456789012:baton-dev-registrations',
    here: 'moto/registrations.py publishes the request, waits for the response at ResponseURL, and fails the deployment with the reason in it',
  },
  {
    what: 'Running functions',
    symptom: 'Error while fetching server API version (Docker is needed)',
    here: 'moto/functions.py runs the deployed package under Node.js, with its environment, timeout and role; an update also dates the function',
  },
  {
    what: 'Event source mappings',
    symptom:
      'the function runs inside SendMessage, one message at a time; batch item failures are ignored',
    here: 'moto/pollers.py polls in batches, and obeys MaximumConcurrency and ReportBatchItemFailures',
  },
  {
    what: 'Permissions',
    symptom: 'every caller may do everything',
    here: "moto/function_roles.py checks each call of a function against its role's policies: action, resource, conditions",
  },
  {
    what: 'Removing a stack',
    symptom:
      "resources are deleted in any order, so that some are not found after their function; KeyError: 'baton-dev-deployment-bucket' (an export that an update renamed)",
    here: 'moto/removal.py deletes a resource before those that it depends on, and knows the exports',
  },
  {
    what: 'Updating a resource of a type that moto cannot update',
    symptom:
      'the stack forgets it: a log group whose retention changes outlives its stack, and the next one ends with "The specified log group already exists", in JSON instead of XML',
    here: 'moto/updates.py keeps such a resource, and sets the retention',
  },
  {
    what: "A queue's URL",
    symptom: 'getaddrinfo ENOTFOUND sqs.us-east-1.amazonaws.com',
    here: 'moto/queue_urls.py puts the host of the server into it',
  },
];

export const NOT_VERIFIED: readonly Gap[] = [
  {
    what: 'AWS::S3::BucketPolicy',
    symptom:
      'No Moto CloudFormation support for AWS::S3::BucketPolicy; set over the API, it rightly refuses every upload (403), since the server uses HTTP',
    here: 'tests/infra and the security scan read it in the template',
  },
  {
    what: 'Calls through API Gateway, and their permissions',
    symptom:
      'getaddrinfo ENOTFOUND <id>.execute-api.us-east-1.amazonaws.com: routes exist, but nothing serves them',
    here: 'the functions are invoked with the events that API Gateway sends; tests/infra asserts each route and its authorization',
  },
  {
    what: 'Schedules',
    symptom: 'the rule exists, but nothing triggers it',
    here: 'the rules and their targets are read back; each target is invoked once',
  },
  {
    what: 'Alarms',
    symptom: 'an alarm stays OK: there are no metrics',
    here: "their settings, dimensions and actions are read back, and an alarm's message is published to their topic; LocalStack measures a queue and raises its alarm",
  },
  {
    what: 'Architectures, RecursiveLoop, tags of functions; RedriveAllowPolicy of queues',
    symptom:
      'ignored when a stack is made: a function shows x86_64, a queue shows no RedriveAllowPolicy',
    here: 'tests/infra asserts them in the template',
  },
  {
    what: 'BucketNamePrefix and BucketNamespace of a bucket in a template',
    symptom: 'ignored: the bucket gets a name made up by moto',
    here: 'tests/infra asserts them in the template; cfn-lint knows both',
  },
  {
    what: 'Rollback',
    symptom: 'the resources of a refused deployment stay until the stack is removed',
    here: "CloudFormation's own work",
  },
  {
    what: 'Encryption, throttling, eventual consistency, 15 minutes until a filter policy holds',
    symptom: 'settings are stored and have no effect',
    here: 'not verified without an account',
  },
];

/** Resource types that moto's CloudFormation may skip. */
export const PASSED_OVER_TYPES: readonly string[] = ['AWS::S3::BucketPolicy'];

/** The table for a terminal. */
export function gapLines(): string[] {
  const line = ({ what, symptom, here }: Gap) => [
    `${what}`,
    `  moto: ${symptom}`,
    `  here: ${here}`,
  ];
  return ['mended:', ...MENDED.flatMap(line), 'not verified:', ...NOT_VERIFIED.flatMap(line)];
}
