/**
 * Limits of SQS and SNS that fauxqs does not keep, so that what works on a laptop works deployed.
 * It does keep: 1 MiB a message and a batch, 10 entries a batch (SQS); 256 KiB a message, 10 entries (SNS).
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
 */

const MAX_DELAY_SECONDS = 900;
export const MAX_MESSAGE_ATTRIBUTES = 10;
export const MAX_PUBLISH_BATCH_BYTES = 262_144;

interface Attribute {
  StringValue?: string;
  BinaryValue?: string;
}

/** One message of SendMessage, or one entry of SendMessageBatch. */
export interface MessageToSend {
  DelaySeconds?: number;
  MessageAttributes?: Record<string, Attribute>;
  MessageGroupId?: string;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html: no blanks, 128 at most */
const GROUP = /^[A-Za-z0-9!-/:-@[-`{-~]{1,128}$/;

const INVALID_GROUP =
  'MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length';

/** What SQS has against a message, or undefined. */
export function sqsViolation(message: MessageToSend): string | undefined {
  const {
    DelaySeconds: delay,
    MessageAttributes: attributes = {},
    MessageGroupId: group,
  } = message;
  if (group !== undefined && !GROUP.test(group)) return INVALID_GROUP;
  if (delay !== undefined && !(Number.isInteger(delay) && delay >= 0 && delay <= MAX_DELAY_SECONDS))
    return `Value ${delay} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= ${MAX_DELAY_SECONDS}.`;

  const names = Object.keys(attributes);
  if (names.length > MAX_MESSAGE_ATTRIBUTES)
    return `Number of message attributes [${names.length}] exceeds the allowed maximum [${MAX_MESSAGE_ATTRIBUTES}].`;

  const empty = names.find(
    (name) => !attributes[name]?.StringValue && !attributes[name]?.BinaryValue,
  );
  if (empty)
    return `Message (user) attribute '${empty}' must contain a non-empty value of type 'String'.`;
  return undefined;
}

/** What SNS has against the form of a Publish or PublishBatch, or undefined. */
export function snsViolation(form: Record<string, string>): string | undefined {
  const empty = Object.entries(form).find(
    ([key, value]) => /\.Value\.(String|Binary)Value$/.test(key) && value === '',
  );
  const group = Object.entries(form).find(([key]) => /(^|\.)MessageGroupId$/.test(key));
  if (group !== undefined && !GROUP.test(group[1])) return `Invalid parameter: ${INVALID_GROUP}`;
  if (empty) return `Invalid parameter: The message attribute value of ${empty[0]} is empty.`;
  return undefined;
}

/** The bytes that count for a PublishBatch: messages, attribute names, types and values. */
export function publishBatchBytes(form: Record<string, string>): number {
  return Object.entries(form)
    .filter(([key]) =>
      /^PublishBatchRequestEntries\.member\.\d+\.(Message$|MessageAttributes\.)/.test(key),
    )
    .reduce((bytes, [, value]) => bytes + Buffer.byteLength(value), 0);
}
