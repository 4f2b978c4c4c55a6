/** A message as its consumer received it. */
export interface ReceivedRecord {
  readonly queueArn: string;
  readonly receiptHandle: string;
}

/** When a message that could not be handled comes again. */
export interface Redelivery {
  /** Brings the message back after so many seconds, 0 to 43 200, instead of after its queue's whole visibility timeout. */
  delay(record: ReceivedRecord, seconds: number): Promise<void>;
}
