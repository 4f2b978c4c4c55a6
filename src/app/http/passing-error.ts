const PASSING_NAMES: ReadonlySet<string> = new Set([
  'AbortError',
  'InternalServerError',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestTimeout',
  'ServiceUnavailable',
  'SlowDown',
  'ThrottlingException',
  'TimeoutError',
]);

const PASSING_CODES: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Whether an error of an AWS client passes by itself: throttling, a timeout, a service that does not answer. */
export function isPassing(error: unknown): boolean {
  const { name, code, $retryable, $metadata } = (error ?? {}) as {
    name?: string;
    code?: string;
    $retryable?: object;
    $metadata?: { httpStatusCode?: number };
  };
  return (
    $retryable !== undefined ||
    ($metadata?.httpStatusCode ?? 0) >= 500 ||
    PASSING_NAMES.has(name ?? '') ||
    PASSING_CODES.has(code ?? '')
  );
}
