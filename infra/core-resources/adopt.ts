import type { CoreService } from './core-service.ts';

const ACCOUNT = `\${AWS::Region}:\${AWS::AccountId}`;

/** What the core may find instead of making it: its logical id, and the ARN of the resource of a name. */
const ADOPTABLE = {
  Table: (name: string) => `arn:\${AWS::Partition}:dynamodb:${ACCOUNT}:table/${name}`,
  Bucket: (name: string) => `arn:\${AWS::Partition}:s3:::${name}`,
} as const;

export type Adoptable = keyof typeof ADOPTABLE;

/** The output that says that a stack uses a resource which is not its own. */
export const adoptedOutput = (id: Adoptable): string => `Existing${id}`;

/**
 * Makes the service use a table or bucket that exists already: one that an earlier life of the stack left behind, or one that was restored.
 * The resource leaves the template, and whatever refers to it refers to it by name. In place.
 */
export function adopt(service: CoreService, id: Adoptable, name: string): void {
  const arn = ADOPTABLE[id](name);
  const { [id]: _, ...others } = service.resources.Resources;
  service.resources.Resources = replaced(others, id, name, arn);
  service.resources.Outputs = {
    ...service.resources.Outputs,
    [adoptedOutput(id)]: { Value: name },
  };
  service.provider.environment = replaced(service.provider.environment, id, name, arn);
  for (const [key, lambda] of Object.entries(service.functions)) {
    service.functions[key] = replaced(lambda, id, name, arn);
  }
}

/** The value with references to the resource replaced by its name and ARN. */
function replaced<Value>(value: Value, id: Adoptable, name: string, arn: string): Value {
  const text = JSON.stringify(value)
    .replaceAll(JSON.stringify({ Ref: id }), JSON.stringify(name))
    .replaceAll(JSON.stringify({ 'Fn::GetAtt': [id, 'Arn'] }), JSON.stringify({ 'Fn::Sub': arn }))
    .replaceAll(`\${${id}.Arn}`, arn)
    .replaceAll(`\${${id}}`, name);
  return JSON.parse(text) as Value;
}
