/** A message as its consumer received it. */
export interface ReceivedRecord {
  readonly queueArn: string;
  readonly receiptHandle: string;
}

/** When a message comes again. */
export interface Redelivery {
  /** Brings the message back after so many seconds, 0 to 43 200, instead of after its queue's whole visibility timeout. */
  delay(record: ReceivedRecord, seconds: number): Promise<void>;
  /** The message has been handled, and comes no more, whatever becomes of the batch that it came in. */
  preclude(record: ReceivedRecord): Promise<void>;
}
