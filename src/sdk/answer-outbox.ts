import type { Runtime } from './runtime.ts';

/**
 * One message carries many answers. SQS bills it by the 64 KB, so five answers of 1 KB cost one request together and five
 * apart, and the orchestrator receives them in one go. A message may have 1 MiB; it stops at 256 KiB, since Lambda hands ten of them
 * to the orchestrator at once and takes at most 6 MB, and since SQS before August 2025, and all that was modelled on it, takes no more.
 * @see https://aws.amazon.com/sqs/pricing/
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_MESSAGE_BYTES = 256 * 1024;

/** How long a finished answer waits for its neighbours, at least: about the time that sending it takes. */
const SHORTEST_WAIT_MS = 50;

const HEAD = '{"answers":[';
const TAIL = ']}';

/**
 * A result in the bucket counts as a part of what it has, so that the orchestrator fetches 8 MiB for a message at most: it keeps all of
 * them in memory until their orders have moved on.
 */
const STORED_COUNTS_FOR = 1 / 32;

interface Waiting {
  readonly recordId: string;
  readonly text: string;
  readonly bytes: number;
}

/** Takes the answers of a batch and sends them in as few messages as it can. */
export interface AnswerOutbox {
  /**
   * @param text the answer as JSON
   * @param storedBytes what its result has that lies in the bucket
   */
  add(recordId: string, text: string, storedBytes?: number): void;
  /** Sends what is left, and comes back with the records whose answers could not be sent. */
  close(): Promise<ReadonlySet<string>>;
}

/**
 * Answers leave together when the whole batch is done. Where one task takes much longer than its neighbours, theirs do not
 * wait for it to the end: what has finished leaves after as long again as the batch had run until then. So an answer is at
 * most twice as old as need be, and the number of messages grows with the logarithm of slowest to fastest.
 */
export function createOutbox({ clock, send, log }: Runtime): AnswerOutbox {
  const startedAt = clock.now();
  const sending = new Set<Promise<void>>();
  let waiting: Waiting[] = [];
  let cancelTimer: (() => void) | undefined;

  const sendMessage = async (answers: readonly Waiting[], onFailure: () => void) => {
    try {
      await send(`${HEAD}${answers.map(({ text }) => text).join(',')}${TAIL}`);
    } catch (error) {
      const message = 'answers could not be sent';
      log({ level: 'error', message, answers: answers.length, reason: String(error) });
      onFailure();
    }
  };
  const sendEarly = () => {
    cancelTimer = undefined;
    const leaving = waiting;
    waiting = [];
    for (const message of pack(leaving)) {
      // What fails now has a second chance when the batch ends.
      const sent = sendMessage(message, () => waiting.push(...message));
      sending.add(sent);
    }
  };

  return {
    add(recordId, text, storedBytes = 0) {
      const bytes = Buffer.byteLength(text) + 1 + Math.ceil(storedBytes * STORED_COUNTS_FOR);
      waiting.push({ recordId, text, bytes });
      cancelTimer ??= clock.after(Math.max(SHORTEST_WAIT_MS, clock.now() - startedAt), sendEarly);
    },
    async close() {
      cancelTimer?.();
      await Promise.all(sending);
      const unsent = new Set<string>();
      await Promise.all(
        pack(waiting).map((message) =>
          sendMessage(message, () => {
            for (const { recordId } of message) unsent.add(recordId);
          }),
        ),
      );
      return unsent;
    },
  };
}

/** The answers in messages of at most MAX_MESSAGE_BYTES; one answer always fits, as MAX_INLINE_RESULT_BYTES sees to. */
function pack(answers: readonly Waiting[]): readonly (readonly Waiting[])[] {
  const messages: Waiting[][] = [];
  let room = 0;
  for (const answer of answers) {
    const { bytes } = answer;
    if (bytes > room) {
      messages.push([]);
      room = MAX_MESSAGE_BYTES - HEAD.length - TAIL.length;
    }
    messages.at(-1)?.push(answer);
    room -= bytes;
  }
  return messages;
}
