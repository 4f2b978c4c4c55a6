/** Names what a metric measures within the system: `{ Plugin: 'A' }`; `{}` for the whole system. */
export type Dimensions = Readonly<Record<string, string>>;

/** The core's own metrics, in CloudWatch's namespace `Baton`. */
export interface Metrics {
  /** Publishes one value a metric name, as of now. Names that end in `Seconds` are durations; the others are counts. */
  publish(dimensions: Dimensions, values: Readonly<Record<string, number>>): void;
}
