import type { Account } from './account.ts';
import { propertiesOfType, type Template } from './template.ts';

/** Says how to find the resources of a type in the account, and which of their properties can be compared. */
interface Shown {
  readonly section: string;
  /** The property with the resource's name. */
  readonly name: string;
  /** The property's name in the template, and its name in the API. */
  readonly properties: Readonly<Record<string, string>>;
}

const SHOWN: Readonly<Record<string, Shown>> = {
  'AWS::SQS::Queue': {
    section: 'queues',
    name: 'QueueName',
    properties: {
      VisibilityTimeout: 'VisibilityTimeout',
      MessageRetentionPeriod: 'MessageRetentionPeriod',
      SqsManagedSseEnabled: 'SqsManagedSseEnabled',
      RedrivePolicy: 'RedrivePolicy',
      FifoQueue: 'FifoQueue',
    },
  },
  'AWS::SNS::Topic': {
    section: 'topics',
    name: 'TopicName',
    properties: { KmsMasterKeyId: 'KmsMasterKeyId' },
  },
  'AWS::DynamoDB::Table': {
    section: 'tables',
    name: 'TableName',
    properties: {
      KeySchema: 'KeySchema',
      AttributeDefinitions: 'AttributeDefinitions',
      DeletionProtectionEnabled: 'DeletionProtectionEnabled',
    },
  },
  'AWS::Lambda::Function': {
    section: 'functions',
    name: 'FunctionName',
    properties: {
      Runtime: 'Runtime',
      Handler: 'Handler',
      MemorySize: 'MemorySize',
      Timeout: 'Timeout',
      Description: 'Description',
      Environment: 'Environment',
    },
  },
  'AWS::CloudWatch::Alarm': {
    section: 'alarms',
    name: 'AlarmName',
    properties: {
      MetricName: 'MetricName',
      Namespace: 'Namespace',
      Statistic: 'Statistic',
      Period: 'Period',
      EvaluationPeriods: 'EvaluationPeriods',
      Threshold: 'Threshold',
      ComparisonOperator: 'ComparisonOperator',
      TreatMissingData: 'TreatMissingData',
      Dimensions: 'Dimensions',
    },
  },
  'AWS::CloudWatch::Dashboard': { section: 'dashboards', name: 'DashboardName', properties: {} },
  'AWS::SSM::Parameter': { section: 'parameters', name: 'Name', properties: {} },
  'AWS::Logs::LogGroup': { section: 'logGroups', name: 'LogGroupName', properties: {} },
};

/** Types whose resources have no name in the template: only their number is compared. */
const COUNTED: Readonly<Record<string, string>> = {
  'AWS::SNS::Subscription': 'subscriptions',
  'AWS::Lambda::EventSourceMapping': 'mappings',
  'AWS::IAM::Role': 'roles',
  'AWS::Events::Rule': 'rules',
  'AWS::S3::Bucket': 'buckets',
  'AWS::ApiGatewayV2::Api': 'apis',
};

/** An unresolved reference, or an object that became text. */
const UNRESOLVED = /\{\{resolve:|\$\{[A-Za-z:.]+\}|\[object Object\]|Fn::|"Ref":/;

/**
 * Compares the account with the templates.
 * @returns how many resources were compared
 * @throws with each difference
 */
export function compareWithTemplates(account: Account, templates: readonly Template[]): string {
  const wrong: string[] = [];
  let compared = 0;
  for (const [type, shown] of Object.entries(SHOWN)) {
    for (const properties of templates.flatMap((one) => propertiesOfType(one, type))) {
      compared += 1;
      wrong.push(...differencesOf(properties, shown, account));
    }
  }
  for (const [type, section] of Object.entries(COUNTED)) {
    const expected = templates.flatMap((one) => propertiesOfType(one, type)).length;
    const found = Object.keys(account[section] ?? {}).length;
    compared += expected;
    if (found !== expected) wrong.push(`${expected} ${type} in the templates, ${found} ${section}`);
  }
  for (const [section, items] of Object.entries(account)) {
    for (const [name, item] of Object.entries(items)) {
      const text = UNRESOLVED.exec(JSON.stringify(item));
      if (text) wrong.push(`${section} > ${name} holds an unresolved ${text[0]}`);
    }
  }
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return `${compared} resources as their templates say`;
}

// biome-ignore lint/suspicious/noExplicitAny: properties are any JSON.
function differencesOf(properties: any, shown: Shown, account: Account): string[] {
  const [name, found] = itemNamed(properties[shown.name], account[shown.section] ?? {}) ?? [];
  if (name === undefined) {
    const wanted = properties[shown.name];
    return [
      `${shown.section} has no ${typeof wanted === 'string' ? wanted : JSON.stringify(wanted)}`,
    ];
  }
  const item = found as Readonly<Record<string, unknown>>;
  return Object.entries(shown.properties)
    .filter(([property]) => properties[property] !== undefined)
    .filter(([property, field]) => !agrees(properties[property], item[field]))
    .map(
      ([property, field]) =>
        `${shown.section} > ${name} > ${property}: ${JSON.stringify(properties[property])} in the template, ${JSON.stringify(item[field])} in the account`,
    );
}

/** The item that the template names. A name made by Fn::Sub fits an item that begins and ends with its literal parts. */
function itemNamed(
  name: unknown,
  items: Readonly<Record<string, unknown>>,
): readonly [name: string, item: unknown] | undefined {
  if (typeof name === 'string') return name in items ? [name, items[name]] : undefined;
  const [text] = [(name as { 'Fn::Sub'?: unknown })['Fn::Sub']].flat();
  const [start = '', ...rest] = String(text).split(/\$\{[^}]*\}/);
  const end = rest.at(-1) ?? '';
  return Object.entries(items).find(([one]) => one.startsWith(start) && one.endsWith(end));
}

/** Whether a value equals the template's. Where the template calls a function of CloudFormation, any value will do. */
function agrees(template: unknown, value: unknown): boolean {
  if (Array.isArray(template)) {
    return (
      Array.isArray(value) &&
      value.length === template.length &&
      template.every((one, index) => agrees(one, value[index]))
    );
  }
  if (typeof template === 'object' && template !== null) {
    if (isIntrinsic(template)) return value !== undefined && value !== '';
    const object = typeof value === 'string' ? parsed(value) : value;
    return (
      typeof object === 'object' &&
      object !== null &&
      Object.entries(template).every(([key, one]) =>
        agrees(one, (object as Record<string, unknown>)[key]),
      )
    );
  }
  if (typeof template === 'string' && template.includes('{{resolve:')) return Boolean(value);
  return String(template) === String(value);
}

const isIntrinsic = (value: object): boolean => {
  const [key = '', ...others] = Object.keys(value);
  return others.length === 0 && (key === 'Ref' || key.startsWith('Fn::'));
};

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
