/** Something of AWS that moto 5.2.5 lacks, and what becomes of it here. docs/verify.md has the same table; tests/verify compares them. */
export interface Gap {
  readonly what: string;
  /** What moto says or does. */
  readonly symptom: string;
  /** What verifies it all the same, or where it is not verified. */
  readonly here: string;
}

export const MENDED: readonly Gap[] = [
  {
    what: 'ValidateTemplate',
    symptom:
      "Stack with id 'IngestRole' dependency already enforced by a 'GetAtt' at 'Resources/IngestLambdaFunction/Properties/Role' does not exist",
    here: 'moto/lint.py: it takes a warning of cfn-lint for an error; cfn-lint has a step of its own',
  },
  {
    what: 'Dynamic references to SSM parameters',
    symptom: 'the text {{resolve:ssm:...}} itself becomes the value',
    here: 'moto/dynamic_references.py looks them up',
  },
  {
    what: 'SNS subscriptions, queue policies, alarms, dashboards, HTTP APIs, invoke configurations in a template',
    symptom:
      "Tried to parse AWS::SNS::Subscription but it's not supported by moto's CloudFormation implementation",
    here: "moto/missing_types.py makes them by the calls of the API that CloudFormation makes, checked against AWS's model of that API",
  },
  {
    what: 'Custom resources behind a topic',
    symptom: 'Function not found: arn:aws:sns:us-east-1:123456789012:baton-dev-registrations',
    here: 'moto/registrations.py publishes the request, waits for the answer at ResponseURL, fails the deployment with its reason',
  },
  {
    what: 'Running functions',
    symptom: 'Error while fetching server API version (Docker is needed)',
    here: 'moto/functions.py runs the deployed package under Node.js, with its environment, timeout and role',
  },
  {
    what: 'Event source mappings',
    symptom:
      'the function runs inside SendMessage, one message at a time; batch item failures are not heeded',
    here: 'moto/pollers.py polls in batches, heeds MaximumConcurrency and ReportBatchItemFailures',
  },
  {
    what: 'Permissions',
    symptom: 'every caller may do everything',
    here: "moto/function_roles.py holds each call of a function against its role's policies: action, resource, conditions",
  },
  {
    what: 'Removing a stack',
    symptom:
      "resources go in any order, and what goes after its function is not found; KeyError: 'baton-dev-deployment-bucket' (an export that an update renamed)",
    here: 'moto/removal.py deletes what depends before what it depends on, and knows the exports',
  },
  {
    what: "A queue's URL",
    symptom: 'getaddrinfo ENOTFOUND sqs.us-east-1.amazonaws.com',
    here: 'moto/queue_urls.py gives it the host of the server',
  },
];

export const NOT_VERIFIED: readonly Gap[] = [
  {
    what: 'AWS::S3::BucketPolicy',
    symptom:
      'No Moto CloudFormation support for AWS::S3::BucketPolicy; set over the API, it refuses every upload (403), rightly: the server speaks HTTP',
    here: 'tests/infra and the security scan read it in the template',
  },
  {
    what: 'Calls through API Gateway, and who may make them',
    symptom:
      'getaddrinfo ENOTFOUND <id>.execute-api.us-east-1.amazonaws.com: routes exist, nothing serves them',
    here: 'the functions are invoked with the events that API Gateway sends; tests/infra asserts each route and its authorization',
  },
  {
    what: 'Schedules',
    symptom: 'the rule exists, and nothing fires it',
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
      'left out when a stack is made: a function shows x86_64, a queue shows no RedriveAllowPolicy',
    here: 'tests/infra asserts them in the template',
  },
  {
    what: 'Rollback',
    symptom: 'what a refused deployment had made stays until the stack is removed',
    here: "CloudFormation's own work",
  },
  {
    what: 'Encryption, throttling, eventual consistency, 15 minutes until a filter policy holds',
    symptom: 'settings are stored and have no effect',
    here: 'not verified without an account',
  },
];

/** Types that moto's CloudFormation may pass over. */
export const PASSED_OVER_TYPES: readonly string[] = ['AWS::S3::BucketPolicy'];

/** The table, for a terminal. */
export function gapLines(): string[] {
  const line = ({ what, symptom, here }: Gap) => [
    `${what}`,
    `  moto: ${symptom}`,
    `  here: ${here}`,
  ];
  return ['mended:', ...MENDED.flatMap(line), 'not verified:', ...NOT_VERIFIED.flatMap(line)];
}
