import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** What a packaged handler says of itself; or why it cannot be asked. */
export type HandlerAnswer =
  | {
      readonly compensates: boolean;
      /** What its input looks like, as a JSON Schema, where the library of its `input` tells. */
      readonly inputSchema?: object;
    }
  /** It is no handler of definePlugin's, or one in a wrapper. */
  | { readonly says: 'nothing' }
  /** `isExport`: its module is loaded, and has no function of that name. */
  | { readonly failed: string; readonly isExport?: true };

/** On the slowest machine, a bundle is loaded in some seconds. */
const ANSWERS_WITHIN_MS = 60_000;

/**
 * Runs in the child: loads the handler's module, and tells what definePlugin was given. Schemas that follow Standard JSON Schema, such as
 * zod's, say what they take; a part that JSON Schema cannot say ends that, and is no fault.
 * @see https://standardschema.dev/json-schema
 */
const QUESTION = `
const [url, names] = process.argv.slice(1);
const say = (answer) => process.send(answer, () => process.exit());
const inputOf = ({ input }) => {
  try {
    const inputSchema = input['~standard'].jsonSchema.input({ target: 'draft-2020-12' });
    return { inputSchema };
  } catch {
    return {};
  }
};
// What Node makes of CommonJS has its exports once more under these two.
const exportsOf = (module) => {
  const isCommon = typeof module.default === 'object';
  const names = new Set(Object.keys(isCommon ? { ...module.default, ...module } : module));
  names.delete('module.exports');
  if (isCommon) names.delete('default');
  return [...names];
};
try {
  const module = await import(url);
  let handler = { ...module.default, ...module };
  for (const name of names.split('.')) handler = handler?.[name];
  const thereAre = '; there are: ' + (exportsOf(module).join(', ') || 'none');
  const wrong = (reason) => say({ failed: reason + thereAre, isExport: true });
  if (handler === undefined) wrong('there is no export ' + names);
  else if (typeof handler.work?.perform === 'function')
    say({ compensates: handler.work.compensate !== undefined, ...inputOf(handler.work) });
  else if (typeof handler !== 'function') wrong('the export ' + names + ' is no function');
  else say({ says: 'nothing' });
} catch (error) {
  say({ failed: String(error?.message ?? error).split('\\n')[0] });
}`;

/**
 * Loads a packaged handler in a process of its own, which knows nobody's credentials, and asks what it was defined with.
 * @param handler as in serverless.yml: `src/handler.resize`
 */
export async function askHandler(
  folder: string,
  handler: string,
  environment: Readonly<Record<string, string>> = {},
  withinMs = ANSWERS_WITHIN_MS,
): Promise<HandlerAnswer> {
  const [, module = '', names = ''] = /^(.*?[^/.]+)\.([^/]+)$/.exec(handler) ?? [];
  const files = ['mjs', 'js', 'cjs'].map((extension) =>
    path.join(folder, `${module}.${extension}`),
  );
  const file = files.find((one) => existsSync(one));
  if (file === undefined) return { failed: `the package has no ${module}.mjs, .js or .cjs` };
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', QUESTION, pathToFileURL(file).href, names],
    { cwd: folder, env: environmentOf(environment), stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
  );
  const { promise, resolve } = Promise.withResolvers<HandlerAnswer>();
  const late = setTimeout(() => {
    resolve({ failed: `it is not loaded within ${withinMs / 1000} s` });
    child.kill('SIGKILL');
  }, withinMs);
  child.once('message', (answer) => resolve(answer as HandlerAnswer));
  child.once('error', ({ message }) => resolve({ failed: message }));
  child.once('exit', (code, signal) =>
    resolve({ failed: `its process ended with ${signal ?? code} as it was loaded` }),
  );
  const answer = await promise;
  clearTimeout(late);
  return answer;
}

/** As far as it can be known before a deployment. */
function environmentOf(own: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return {
    ...{ PATH, HOME, TMPDIR },
    ...{ AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' },
    ...{ AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' },
    ...{ AWS_EC2_METADATA_DISABLED: 'true' },
    ...own,
  };
}
