import { endOfString } from './json-scan.ts';

/** Deeper values would exhaust the stack of whoever walks them: validation, serialisation, expressions. */
export const MAX_JSON_DEPTH = 64;

/** Whether a text nests deeper, if it is JSON. Stops as soon as the answer is known. */
export function isTooDeep(text: string, limit: number = MAX_JSON_DEPTH): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at) - 1;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}

/**
 * JSON text as a queue or a topic takes it: neither takes these two characters, and JSON leaves them as they are.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function messageText(json: string): string {
  return json.replace(/[\ufffe\uffff]/g, (character) =>
    character === '\ufffe' ? '\\ufffe' : '\\uffff',
  );
}
