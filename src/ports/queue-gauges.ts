/** The number of messages in a queue, approximately, as SQS counts them. */
export interface QueueGauge {
  /** Waiting to be received. */
  readonly visible: number;
  /** Received and not yet deleted. */
  readonly inFlight: number;
  /** Sent with a delay that has not passed. */
  readonly delayed: number;
}

/** Counts the messages in queues. */
export interface QueueGauges {
  /** By URL; queues that do not exist are left out. */
  read(queueUrls: readonly string[]): Promise<ReadonlyMap<string, QueueGauge>>;
}
