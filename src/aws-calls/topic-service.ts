import { connectService, type ServiceOptions } from './aws-service.ts';
import type { Calls } from './json-calls.ts';
import type { FailedEntry } from './queue-service.ts';
import { elementsIn, textIn, xmlRefusal } from './xml-text.ts';

type Attributes = Readonly<
  Record<string, { readonly DataType: string; readonly StringValue: string }>
>;

interface PublishInput {
  readonly TopicArn: string;
  readonly Message: string;
  readonly MessageAttributes: Attributes;
  readonly MessageGroupId?: string;
}

export interface PublishBatchInput {
  readonly TopicArn: string;
  readonly PublishBatchRequestEntries: readonly (Omit<PublishInput, 'TopicArn'> & {
    readonly Id: string;
  })[];
}

/** The operations of SNS that Baton calls, with the fields that it uses. */
export type TopicOperations = {
  Publish: [PublishInput, object];
  PublishBatch: [PublishBatchInput, { readonly Failed?: readonly FailedEntry[] }];
};

export type TopicCalls = Calls<TopicOperations>;

/** SNS speaks forms and XML: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export function connectTopicService(
  options: Omit<ServiceOptions, 'name' | 'refusalIn'>,
): TopicCalls {
  const service = connectService({ ...options, name: 'sns', refusalIn: xmlRefusal });
  return async (Action, input) => {
    const form = new URLSearchParams({ Action, Version: '2010-03-31' });
    for (const [name, value] of fieldsOf(input)) form.append(name, value);
    const text = await service.send({
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: String(form),
    });
    const [failed = ''] = elementsIn(text, 'Failed');
    return {
      Failed: elementsIn(failed, 'member').map((entry) => ({
        Id: textIn(entry, 'Id'),
        Code: textIn(entry, 'Code'),
        Message: textIn(entry, 'Message'),
      })),
    };
  };
}

type Fields = readonly (readonly [name: string, value: string])[];

function fieldsOf(input: PublishInput | PublishBatchInput): Fields {
  const { TopicArn } = input;
  const fields =
    'Message' in input
      ? messageFields('', input)
      : input.PublishBatchRequestEntries.flatMap((entry, index) => {
          const prefix = `PublishBatchRequestEntries.member.${index + 1}.`;
          return [[`${prefix}Id`, entry.Id] as const, ...messageFields(prefix, entry)];
        });
  return [['TopicArn', TopicArn], ...fields];
}

function messageFields(
  prefix: string,
  { Message, MessageAttributes, MessageGroupId }: Omit<PublishInput, 'TopicArn'>,
): Fields {
  const attributes = Object.entries(MessageAttributes).flatMap(([name, value], index) => {
    const entry = `${prefix}MessageAttributes.entry.${index + 1}`;
    return [
      [`${entry}.Name`, name],
      [`${entry}.Value.DataType`, value.DataType],
      [`${entry}.Value.StringValue`, value.StringValue],
    ] as const;
  });
  return [
    [`${prefix}Message`, Message],
    ...attributes,
    ...(MessageGroupId === undefined ? [] : [[`${prefix}MessageGroupId`, MessageGroupId] as const]),
  ];
}
