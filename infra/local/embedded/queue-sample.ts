/** Where the embedded server answers with the samples of all its queues, by their names. */
export const QUEUE_SAMPLES_PATH = '/_baton/queues';

export interface QueueSample {
  visible: number;
  inFlight: number;
  delayed: number;
  oldestSeconds: number;
  /** Since the server started. */
  deleted: number;
}
