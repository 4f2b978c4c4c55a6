// What `npm start` runs. JavaScript of any age, so that even a Node that cannot read TypeScript gets to the message.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const [major, minor] = process.versions.node.split('.').map(Number);
const installed = createRequire(import.meta.url);

/** Of the dependencies for development; the local stack is made of these. */
const PACKAGES = ['serverless', 'serverless-offline', 'dynalite', 'fauxqs', 'esbuild'];

const problem = whatIsMissing();
if (problem) {
  console.error(`baton: ${problem}`);
  process.exitCode = 1;
} else {
  startAfresh();
  await import('./supervisor.js');
}

function whatIsMissing() {
  if (PACKAGES.some((name) => !isInstalled(name)))
    return `packages are missing that the local stack needs: run "${install()}", without --omit=dev${
      process.env.NODE_ENV === 'production' ? ' and without NODE_ENV=production' : ''
    }.`;
  // The npm package is compiled, and needs no Node that reads TypeScript.
  const isCompiled = existsSync(new URL('./start.js', import.meta.url));
  const oldest = isCompiled ? 13 : 18;
  if (major > 22 || (major === 22 && minor >= oldest)) return undefined;
  const version = `the local stack needs Node 22.${oldest} or newer (${isCompiled ? 'it has' : 'it reads TypeScript and has'} node:sqlite); this is ${process.version}.`;
  if (isCompiled) return version;
  return hasMusl()
    ? `${version} Install a newer one: the Node that "npm start" brings elsewhere has no build for musl (Alpine).`
    : `${version} "npm start" brings its own: run "${install()}" first.`;
}

function isInstalled(name) {
  try {
    installed.resolve(`${name}/package.json`);
    return true;
  } catch (error) {
    return error.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED';
  }
}

function install() {
  return hasMusl() ? 'npm ci --ignore-scripts' : 'npm ci';
}

/** Alpine and the like: the package `node` would install a Node there that cannot run. */
function hasMusl() {
  return process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
}

/**
 * Node has already done what NODE_OPTIONS and its like told it to; start.ts only keeps them from others. Where a process can
 * be replaced (not on Windows), it begins again without them.
 */
function startAfresh() {
  const { env } = process;
  const told = Object.keys(env).filter(
    (name) => env[name] && name.startsWith('NODE_') && name !== 'NODE_EXTRA_CA_CERTS',
  );
  if (told.length === 0 || !process.execve || process.platform === 'win32') return;
  const others = Object.fromEntries(Object.entries(env).filter(([name]) => !told.includes(name)));
  const { execPath, execArgv, argv } = process;
  process.execve(execPath, [execPath, ...execArgv, ...argv.slice(1)], others);
}
