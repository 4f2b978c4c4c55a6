import { connectService, type ServiceOptions } from './aws-service.ts';
import { type Calls, jsonCalls, jsonRefusal } from './json-calls.ts';

/** An attribute on the wire; `B` is base64, `SS` a set. */
export type WireValue = {
  readonly S?: string;
  readonly N?: string;
  readonly B?: string;
  readonly SS?: readonly string[];
};
export type WireItem = Readonly<Record<string, WireValue>>;

interface TableInput {
  readonly TableName: string;
}

interface ConditionInput {
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeValues?: WireItem;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD';
}

interface KeyInput extends TableInput {
  readonly Key: WireItem;
}

type Names = Readonly<Record<string, string>>;

export interface QueryInput extends TableInput {
  readonly IndexName?: string;
  readonly KeyConditionExpression: string;
  readonly ExpressionAttributeNames: Names;
  readonly ExpressionAttributeValues: WireItem;
  readonly ProjectionExpression?: string;
  readonly Select?: 'COUNT';
  readonly ScanIndexForward?: false;
  readonly Limit?: number;
  readonly ConsistentRead?: true;
  readonly ExclusiveStartKey?: WireItem;
}

export interface QueryOutput {
  readonly Items?: readonly WireItem[];
  readonly Count?: number;
  readonly LastEvaluatedKey?: WireItem;
}

/** The operations of DynamoDB that Baton calls, with the fields that it uses. */
export type TableOperations = {
  DeleteItem: [KeyInput & ConditionInput, object];
  GetItem: [KeyInput & { readonly ConsistentRead: true }, { readonly Item?: WireItem }];
  PutItem: [TableInput & ConditionInput & { readonly Item: WireItem }, object];
  Query: [QueryInput, QueryOutput];
  UpdateItem: [
    KeyInput &
      ConditionInput & {
        readonly UpdateExpression: string;
        readonly ExpressionAttributeNames: Names;
        readonly ReturnValues?: 'ALL_NEW';
      },
    { readonly Attributes?: WireItem },
  ];
};

export type TableCalls = Calls<TableOperations>;

export function connectTableService(
  options: Omit<ServiceOptions, 'name' | 'refusalIn'>,
): TableCalls {
  const service = connectService({ ...options, name: 'dynamodb', refusalIn: jsonRefusal });
  return jsonCalls(service, 'DynamoDB_20120810');
}
