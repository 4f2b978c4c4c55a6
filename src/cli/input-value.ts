import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { readJson } from '../contract/json-text.ts';
import { Problem } from '../contract/problem.ts';

/** What somebody meant as JSON: taken as text, a slip would go unnoticed. */
const MEANT_AS_JSON = /^\s*([[{"]|-?\d|(true|false|null)\s*$)/;

/** A value of the command line: JSON, or text as it stands; `@file` is what stands in the file. */
export function readInputValue(text: string): unknown {
  return text.startsWith('@') ? meaningOf(contentOf(text.slice(1))) : meaningOf(text);
}

function meaningOf(text: string): unknown {
  if (!MEANT_AS_JSON.test(text)) return text;
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const hint =
      error.code === 'MALFORMED_BODY' ? ` If it is text, put it into quotes: '"text"'.` : '';
    throw new InvalidArgumentError(`${error.message}.${hint}`);
  }
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new InvalidArgumentError(code === 'ENOENT' ? `There is no file ${file}.` : message);
  }
}
