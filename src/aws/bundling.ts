import { messageText } from '../contract/message-text.ts';
import { TooLargeError } from '../engine/too-large.ts';

/** A message on its way to a queue or a topic. */
export interface Letter {
  readonly service: 'sqs' | 'sns';
  /** The queue's URL or the topic's ARN. */
  readonly address: string;
  readonly orderId: string;
  readonly body: string;
  /** Each a String attribute to filter on. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly delaySeconds?: number;
  /** As the service counts it: body and attributes. */
  readonly bytes: number;
}

/** Messages that travel in one request. */
export interface Bundle {
  readonly service: 'sqs' | 'sns';
  readonly address: string;
  readonly letters: readonly Letter[];
}

/** A message that was not taken, and why. */
export interface Rejected {
  readonly letter: Letter;
  readonly error: Error;
}

/**
 * The limit of one message, and of all messages of a batch together.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html (1 MiB)
 * @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html (256 KiB)
 */
const MAX_BYTES = { sqs: 1024 * 1024, sns: 256 * 1024 };

/** Both services take as many in a batch. */
const MAX_LETTERS = 10;

const CARRIER = { sqs: 'SQS', sns: 'SNS' };

type Envelope = Pick<Letter, 'service' | 'address' | 'orderId'> &
  Partial<Pick<Letter, 'attributes' | 'delaySeconds'>>;

export function letterOf(envelope: Envelope, message: object): Letter {
  const { attributes = [] } = envelope;
  const body = messageText(JSON.stringify(message));
  const bytes = attributes.reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name + value) + 'String'.length,
    Buffer.byteLength(body),
  );
  return { ...envelope, attributes, body, bytes };
}

/** The letters by destination, in bundles that their service takes; those that it takes on no account, apart. */
export function bundled(letters: readonly Letter[]): {
  readonly bundles: readonly Bundle[];
  readonly tooLarge: readonly { readonly orderId: string; readonly error: TooLargeError }[];
} {
  const fitting = letters.filter(({ bytes, service }) => bytes <= MAX_BYTES[service]);
  const byAddress = Map.groupBy(fitting, ({ address }) => address);
  const tooLarge = letters
    .filter((letter) => !fitting.includes(letter))
    .map(({ orderId, service, bytes }) => {
      const what = `a message of order ${orderId} for ${CARRIER[service]}`;
      return { orderId, error: new TooLargeError(what, bytes, MAX_BYTES[service]) };
    });
  return { bundles: [...byAddress.values()].flatMap(inBundles), tooLarge };
}

function inBundles(letters: readonly Letter[]): Bundle[] {
  const bundles: { service: 'sqs' | 'sns'; address: string; letters: Letter[] }[] = [];
  let bytes = 0;
  for (const letter of letters) {
    const { service, address } = letter;
    const last = bundles.at(-1);
    const isFull = last?.letters.length === MAX_LETTERS;
    if (last === undefined || isFull || bytes + letter.bytes > MAX_BYTES[service]) {
      bundles.push({ service, address, letters: [letter] });
      bytes = letter.bytes;
    } else {
      last.letters.push(letter);
      bytes += letter.bytes;
    }
  }
  return bundles;
}
