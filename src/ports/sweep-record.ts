/** The orders that a sweep is waking, and how often a sweep has died while it woke the single one of them. */
export interface Waking {
  readonly orderIds: readonly string[];
  /** Of a single order: sweeps that died over it so far. Of several orders: 0, since any of them may be to blame. */
  readonly deaths: number;
}

/**
 * What a sweep is about to do, written down before it does it: if the sweep dies, the next one knows which orders to suspect. There
 * is one record for the whole system.
 */
export interface SweepRecord {
  /** What the last sweep was doing when it died; `undefined` when it came to its end. */
  read(): Promise<Waking | undefined>;
  write(waking: Waking): Promise<void>;
  clear(): Promise<void>;
}
