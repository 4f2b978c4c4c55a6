/** Formats in which orders come in. */
export type OrdersFormat = 'json' | 'ndjson' | 'csv';

const NAMES: Readonly<Record<string, OrdersFormat>> = {
  'application/json': 'json',
  'text/json': 'json',
  'text/x-json': 'json',
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/jsonl': 'ndjson',
  'application/x-jsonl': 'ndjson',
  'application/jsonlines': 'ndjson',
  'application/x-jsonlines': 'ndjson',
  'text/csv': 'csv',
  'text/x-csv': 'csv',
  'application/csv': 'csv',
  'application/x-csv': 'csv',
  'text/tab-separated-values': 'csv',
};

/**
 * The format of orders that a media type stands for, under whatever name senders know it: a file of orders under a name that
 * nobody knew would be the input of a single order.
 */
export function ordersFormat(mediaType: string): OrdersFormat | undefined {
  return NAMES[mediaType] ?? (mediaType.endsWith('+json') ? 'json' : undefined);
}
