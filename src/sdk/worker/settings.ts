import { readFileSync } from 'node:fs';

/** Holds the settings as one JSON object of variables, as the plugin's stack writes them into the Parameter Store. */
const VARIABLE = 'BATON_WORKER';

/**
 * The variables of a worker: those of the environment, and those that `BATON_WORKER` or a file adds. What the environment says itself counts.
 *
 * @param file a JSON file of variables, in place of `BATON_WORKER`
 * @throws {Error} when that is no JSON object of texts, or the file cannot be read
 */
export function readSettings(
  file: string | undefined,
  environment: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const text = file === undefined ? environment[VARIABLE] : readFileSync(file, 'utf8');
  if (text === undefined || text === '') return { ...environment };
  return { ...variablesIn(text, file ?? VARIABLE), ...environment };
}

function variablesIn(text: string, source: string): Readonly<Record<string, string>> {
  // The text holds a key: what JSON.parse says would quote it.
  const wrong = () => new Error(`${source} is no JSON object of variables and their texts`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong();
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong();
  if (Object.values(value).some((one) => typeof one !== 'string')) throw wrong();
  return value as Readonly<Record<string, string>>;
}
