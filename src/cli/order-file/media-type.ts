import { extname } from 'node:path';
import { parseJson } from '../../contract/json-text.ts';
import { readText } from '../../contract/utf8-text.ts';

const BY_EXTENSION: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.tsv': 'text/tab-separated-values',
  '.tab': 'text/tab-separated-values',
  '.json': 'application/json',
  '.ndjson': 'application/x-ndjson',
  '.jsonl': 'application/x-ndjson',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
  '.avif': 'image/avif',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.svg': 'image/svg+xml',
  '.pdf': 'application/pdf',
  '.zip': 'application/zip',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
  '.txt': 'text/plain',
  '.xml': 'application/xml',
};

const ANYTHING = 'application/octet-stream';

/** What a file is, by its name. */
export function mediaTypeOf(path: string): string {
  return BY_EXTENSION[extname(path).toLowerCase()] ?? ANYTHING;
}

/** What came over a pipe, by how it begins: JSON, NDJSON, an image, or else CSV. */
export function sniffMediaType(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, 64));
  if (start.subarray(1, 4).toString('latin1') === 'PNG') return 'image/png';
  if (start[0] === 0xff && start[1] === 0xd8) return 'image/jpeg';
  // UTF-16 by its mark: a text, which is refused as one.
  const isUtf16 = ['fffe', 'feff'].includes(start.toString('hex', 0, 2));
  if (start.includes(0) && !isUtf16) return ANYTHING;
  const text = start.toString().trimStart();
  if (text.startsWith('[')) return 'application/json';
  if (!text.startsWith('{')) return 'text/csv';
  return isJson(bytes) ? 'application/json' : 'application/x-ndjson';
}

function isJson(bytes: Uint8Array): boolean {
  try {
    parseJson(readText(bytes), Number.POSITIVE_INFINITY);
    return true;
  } catch {
    return false;
  }
}
