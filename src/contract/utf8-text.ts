import { Problem } from './problem.ts';

/** The bytes as text, without the mark at its beginning if there is one. @throws {Problem} MALFORMED_BODY for bytes that are not UTF-8. */
export function readText(bytes: Uint8Array): string {
  if (isUtf16(bytes)) {
    throw new Problem('MALFORMED_BODY', 'the text is UTF-16; save it as UTF-8');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('MALFORMED_BODY', 'the text is not UTF-8; save it as UTF-8');
  }
}

/** Neither CSV nor JSON nor YAML begins with a zero byte, or has one in second place. UTF-16 has, unless it begins with its mark. */
function isUtf16([first, second]: Uint8Array): boolean {
  if (first === undefined || second === undefined) return false;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return marked || first === 0 || second === 0;
}
