/**
 * Mends of fauxqs 2.4.1, each with the fault it cures. Applied once, when this module is loaded.
 */
import type { Socket } from 'node:net';
import {
  type ActionInput,
  INVALID_MESSAGE_BODY_CHAR,
  PersistenceManager,
  type Queue,
  type SnsAction,
  SnsError,
  SnsRouter,
  type SqsAction,
  SqsError,
  SqsQueue,
  SqsRouter,
} from './fauxqs-internals.ts';
import {
  MAX_MESSAGE_ATTRIBUTES,
  MAX_PUBLISH_BATCH_BYTES,
  type MessageToSend,
  publishBatchBytes,
  snsViolation,
  sqsViolation,
} from './message-limits.ts';

type BatchEntry = MessageToSend & { Id: string };
type BatchAnswer = { Successful: unknown[]; Failed: unknown[] };
type ReceiveAnswer = { Messages?: unknown[] };

// ChangeMessageVisibility(0) bound NULL to a NOT NULL column: HTTP 500, and the message was gone until a restart.
PersistenceManager.prototype.updateMessageReady = function (messageId) {
  this.db
    .prepare(
      'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
    )
    .run(messageId);
};

// Without the flag u, an emoji was read as two halves of a pair and refused; AWS takes #x10000 to #x10FFFF as well.
const INVALID_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
INVALID_MESSAGE_BODY_CHAR.test = (body) => INVALID_CHARACTER.test(body);

// Counts were only fresh after a receive: a delayed or expired message was counted where it no longer is.
const staleAttribute = SqsQueue.prototype.getAttribute;
SqsQueue.prototype.getAttribute = function (name) {
  if (name.startsWith('Approximate')) this.processTimers();
  return staleAttribute.call(this, name);
};

// One message woke every waiter, and all but one went home with nothing.
SqsQueue.prototype.notifyWaiters = function () {
  let available = this.isFifo() ? Number.POSITIVE_INFINITY : this.messages.length;
  while (available-- > 0) {
    const waiter = this.pollWaiters.shift();
    if (!waiter) return;
    clearTimeout(waiter.timer);
    waiter.resolve();
  }
};

// Raw delivery with more than ten attributes: SNS drops the message; SendMessage has refused it before it gets here.
const enqueue = SqsQueue.prototype.enqueue;
SqsQueue.prototype.enqueue = function (message) {
  const attributes = Object.keys(message.messageAttributes).length;
  if (attributes <= MAX_MESSAGE_ATTRIBUTES) return enqueue.call(this, message);
  console.error(
    `SNS dropped a message for ${this.name}: raw delivery allows ${MAX_MESSAGE_ATTRIBUTES} attributes, it has ${attributes}`,
  );
};

const registerSqs = SqsRouter.prototype.register;
SqsRouter.prototype.register = function (name, action) {
  registerSqs.call(this, name, mendedSqs[name]?.(action) ?? action);
};

const registerSns = SnsRouter.prototype.register;
SnsRouter.prototype.register = function (name, action) {
  registerSns.call(this, name, mendedSns[name]?.(action) ?? action);
};

const mendedSqs: Record<string, (action: SqsAction) => SqsAction> = {
  SendMessage: (send) => (input, store, request) => {
    const violation = sqsViolation(input as MessageToSend);
    if (violation) throw new SqsError('InvalidParameterValue', violation);
    return send(input, store, request);
  },

  // A bad entry fails alone, the others are sent.
  SendMessageBatch: (send) => (input, store, request) => {
    const entries = (input.Entries ?? []) as BatchEntry[];
    const refused = entries.flatMap((entry) => {
      const Message = sqsViolation(entry);
      return Message
        ? [{ Id: entry.Id, SenderFault: true, Code: 'InvalidParameterValue', Message }]
        : [];
    });
    const sendAll = together(entries.length, send);
    if (!refused.length) return sendAll(input, store, request);

    const accepted = entries.filter(({ Id }) => !refused.some((entry) => entry.Id === Id));
    if (!accepted.length) return { Successful: [], Failed: refused };
    const answer = sendAll({ ...input, Entries: accepted }, store, request) as BatchAnswer;
    return { ...answer, Failed: [...answer.Failed, ...refused] };
  },

  DeleteMessageBatch: (remove) => (input, store, request) => {
    const { length } = (input.Entries ?? []) as unknown[];
    return together(length, remove)(input, store, request);
  },

  // A long poll whose client had gone stayed as a ghost: the next message went to the dead socket. And a waiter
  // that was beaten to a message returned at once with nothing; on AWS it goes on waiting.
  ReceiveMessage: (receive) => async (input, store, request) => {
    const queue = store.getQueue(String(input.QueueUrl));
    const seconds = waitSeconds(input, queue);
    const now: ActionInput = { ...input, WaitTimeSeconds: 0 };
    if (!queue || !(seconds > 0 && seconds <= 20)) return receive(input, store, request);

    const socket = request.raw.socket;
    const until = Date.now() + seconds * 1000;
    for (;;) {
      const receiveAll = together(queue.messages.length, receive);
      const answer = (await receiveAll(now, store, request)) as ReceiveAnswer;
      const left = until - Date.now();
      if (answer.Messages || left <= 0) return answer;
      await messageOrHangUp(queue, left / 1000, socket);
      if (socket.destroyed) return {};
    }
  },
};

const mendedSns: Record<string, (action: SnsAction) => SnsAction> = {
  Publish: (publish) => (form, topics, queues, request) => {
    refuseForm(form);
    return publish(form, topics, queues, request);
  },

  PublishBatch: (publish) => (form, topics, queues, request) => {
    refuseForm(form);
    if (publishBatchBytes(form) > MAX_PUBLISH_BATCH_BYTES)
      throw new SnsError(
        'BatchRequestTooLong',
        `The length of all the messages put together is more than the limit of ${MAX_PUBLISH_BATCH_BYTES} bytes.`,
      );
    return publish(form, topics, queues, request);
  },
};

/** Each of a batch's messages was a transaction of SQLite, a tenth of all that the embedded services do: now they are one. */
function together(messages: number, action: SqsAction): SqsAction {
  return (input, store, request) => {
    const { persistence } = store;
    if (persistence === undefined || messages < 2) return action(input, store, request);
    let answer: unknown;
    persistence.transaction(() => {
      answer = action(input, store, request);
    });
    return answer;
  };
}

function refuseForm(form: Record<string, string>): void {
  const violation = snsViolation(form);
  if (violation) throw new SnsError('InvalidParameterValue', violation);
}

function waitSeconds(input: ActionInput, queue: Queue | undefined): number {
  return Number(input.WaitTimeSeconds ?? queue?.getAttribute('ReceiveMessageWaitTimeSeconds') ?? 0);
}

async function messageOrHangUp(queue: Queue, seconds: number, socket: Socket): Promise<void> {
  const waiting = queue.waitForMessages(seconds);
  const waiter = queue.pollWaiters.at(-1);
  const hangUp = () => {
    const place = waiter ? queue.pollWaiters.indexOf(waiter) : -1;
    if (!waiter || place < 0) return;
    queue.pollWaiters.splice(place, 1);
    clearTimeout(waiter.timer);
    waiter.resolve();
  };
  socket.once('close', hangUp);
  try {
    await waiting;
  } finally {
    socket.off('close', hangUp);
  }
}
