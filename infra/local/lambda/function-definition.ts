/** A function, ready to run. */
export interface FunctionDefinition {
  /** Its name in AWS. */
  name: string;
  arn: string;
  /** The service it belongs to, and its key there. */
  service: string;
  key: string;
  /** What the terminal calls it: the plugin it is, else its key. */
  label: string;
  /** URL of the bundle, and the export that is the handler. */
  file: string;
  exportName: string;
  environment: Record<string, string>;
  timeoutSeconds: number;
  memoryMegabytes: number;
  /** Most instances at once, when reserved. */
  reservedConcurrency?: number;
}
