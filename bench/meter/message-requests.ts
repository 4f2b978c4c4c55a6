/** What SQS and SNS bill: requests, and one more for each further 64 KB that a request carries. */

const CHUNK_BYTES = 64 * 1024;

interface WireMessage {
  readonly MessageBody?: string;
  readonly Body?: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly StringValue?: string }>>;
}

export interface SqsRequest extends WireMessage {
  readonly QueueUrl?: string;
  readonly Entries?: readonly WireMessage[];
}

export interface SqsResponse {
  readonly Messages?: readonly WireMessage[];
}

/** Requests that a call of SQS counts as. */
export function sqsRequests(request: SqsRequest, response: SqsResponse): number {
  const carried = [request, ...(request.Entries ?? []), ...(response.Messages ?? [])];
  return chunks(carried.reduce((bytes, message) => bytes + messageBytes(message), 0));
}

/** Requests that a call of SNS counts as; its parameters as the form has them. */
export function snsRequests(form: URLSearchParams): number {
  let bytes = 0;
  for (const [name, value] of form) {
    if (/(^|\.)(Message|Value\.StringValue|Name)$/.test(name)) bytes += Buffer.byteLength(value);
  }
  return chunks(bytes);
}

function messageBytes({ MessageBody, Body, MessageAttributes = {} }: WireMessage): number {
  const attributes = Object.entries(MessageAttributes).map(
    ([name, { StringValue = '' }]) => name + StringValue,
  );
  return [MessageBody ?? Body ?? '', ...attributes].reduce(
    (bytes, text) => bytes + Buffer.byteLength(text),
    0,
  );
}

function chunks(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / CHUNK_BYTES));
}
