/**
 * Which messages of a batch are done, by the answer of a function with ReportBatchItemFailures.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 *
 * Nothing, null, an empty object, no list or an empty list: all are done. A list with the ids of the batch: all but
 * those. Anything else (an id that is empty, null, not a string, of no message, or under another name): none is.
 */
export function doneMessageIds(response: unknown, batchIds: readonly string[]): readonly string[] {
  if (response === undefined || response === null) return batchIds;
  if (typeof response !== 'object' || Array.isArray(response)) return [];
  const failures = (response as { batchItemFailures?: unknown }).batchItemFailures ?? [];
  if (!Array.isArray(failures)) return [];
  const failed = failures.map(
    (failure) => (failure as { itemIdentifier?: unknown } | null)?.itemIdentifier,
  );
  const wellFormed = failed.every((id) => typeof id === 'string' && batchIds.includes(id));
  return wellFormed ? batchIds.filter((id) => !failed.includes(id)) : [];
}
