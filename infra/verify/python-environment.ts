import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { PROJECT, run } from './command.ts';

const FOLDER = path.join(PROJECT, '.baton/python');

/** The installation takes about a minute; ten leave room for a slow network. */
const INSTALL_SECONDS = 600;

/** A virtual environment with exactly the packages that a requirements file pins. */
export interface PythonEnvironment {
  readonly python: string;
  /** Duration of the installation; `undefined` if it was installed before. */
  readonly installedInSeconds?: number;
}

/**
 * Finds the environment of a requirements file, or makes it under .baton/python, which git ignores.
 *
 * @param name folder of the environment
 * @param requirements path of the file, from the project's root
 * @param atLeast oldest Python 3 that the packages support: 12 is Python 3.12
 * @throws if there is no recent enough Python, or pip fails
 */
export async function pythonEnvironment(
  name: string,
  requirements: string,
  atLeast: number,
): Promise<PythonEnvironment> {
  const file = path.join(PROJECT, requirements);
  const hash = createHash('sha256')
    .update(String(atLeast))
    .update(await readFile(file))
    .digest('hex')
    .slice(0, 12);
  const folder = path.join(FOLDER, `${name}-${hash}`);
  const python = path.join(folder, 'bin/python');
  const complete = path.join(folder, 'complete');
  if (await exists(complete)) return { python };
  const started = performance.now();
  const base = await findPython(atLeast);
  // An environment of the same name is incomplete, or for older requirements.
  for await (const old of glob(`${name}-*`, { cwd: FOLDER })) {
    await rm(path.join(FOLDER, old), { recursive: true, force: true });
  }
  await mkdir(FOLDER, { recursive: true });
  await run(base, ['-m', 'venv', folder], { seconds: 120 });
  await run(
    python,
    ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', '-r', file],
    { seconds: INSTALL_SECONDS },
  );
  await writeFile(complete, '');
  return { python, installedInSeconds: (performance.now() - started) / 1000 };
}

/** BATON_PYTHON if set; else the first of the usual names and of pyenv's versions that is recent enough. */
async function findPython(atLeast: number): Promise<string> {
  const pyenv = path.join(process.env.PYENV_ROOT ?? path.join(homedir(), '.pyenv'), 'versions');
  const ofPyenv: string[] = [];
  for await (const one of glob('3.*/bin/python3', { cwd: pyenv }))
    ofPyenv.push(path.join(pyenv, one));
  const candidates = process.env.BATON_PYTHON
    ? [process.env.BATON_PYTHON]
    : ['python3', 'python3.13', 'python3.12', 'python3.11', ...ofPyenv.sort()];
  const found: string[] = [];
  for (const candidate of candidates) {
    const minor = await minorVersion(candidate);
    if (minor === undefined) continue;
    if (minor >= atLeast) return candidate;
    found.push(`${candidate} is 3.${minor}`);
  }
  throw new Error(
    `Python 3.${atLeast} or newer with its venv module is needed (on Debian: apt-get install python3 python3-venv), or its path in BATON_PYTHON; ${found.join(', ') || 'none was found'}.`,
  );
}

/** 12 for Python 3.12; `undefined` if it does not run or cannot make environments. */
async function minorVersion(python: string): Promise<number | undefined> {
  try {
    const { stdout } = await promisify(execFile)(python, [
      '-c',
      'import sys, venv, ensurepip; print(sys.version_info.minor)',
    ]);
    return Number(stdout);
  } catch {
    return undefined;
  }
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
