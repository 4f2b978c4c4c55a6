/** Whose metric it is, beside the system. */
export type Dimensions = Readonly<Record<string, string>>;

/** The core's own measures, in CloudWatch's namespace Baton. */
export interface Metrics {
  publish(dimensions: Dimensions, values: Readonly<Record<string, number>>): void;
}
