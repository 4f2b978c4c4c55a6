/** How many messages a queue holds, about: SQS counts in many places at once. */
export interface QueueGauge {
  /** Waiting to be received. */
  readonly visible: number;
  /** Received and not yet deleted. */
  readonly inFlight: number;
  readonly delayed: number;
}

/** How full queues are. */
export interface QueueGauges {
  /** By URL; a queue that there is not is left out. */
  read(queueUrls: readonly string[]): Promise<ReadonlyMap<string, QueueGauge>>;
}
