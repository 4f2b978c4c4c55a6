/** Deeper values would exhaust the stack of whoever walks them: validation, serialisation, expressions. */
export const MAX_JSON_DEPTH = 64;

/** Whether JSON text nests deeper. Looks at each character once, and stops as soon as the answer is known. */
export function isTooDeep(text: string, limit: number = MAX_JSON_DEPTH): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"') inString = !inString;
    else if (inString) index += character === '\\' ? 1 : 0;
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
