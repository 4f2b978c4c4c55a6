/**
 * Runs the local stack (start.ts) as a child, and makes sure that all of its processes end, whatever a function, native
 * code or an embedded service is doing at that moment, and whichever process is killed:
 *
 * - A signal comes here, or npm dies: the stack is asked to end; what is left of it after END_MS is killed. A second
 *   signal kills it at once.
 * - The stack ends or is killed: what it has started gets LAST_WORDS_MS to end by itself, and is then killed.
 * - This process is killed: the channel to the stack closes, and the stack ends itself (ending.ts).
 *
 * The stack has a process group of its own, so that one signal reaches everything in it, child processes of functions
 * too, and Ctrl-C comes here alone. JavaScript, and without imports of ours: nothing here can be busy.
 */
import { execFileSync, fork } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where Node keeps what it has compiled, for the next start: a fifth of the work until ready. Where it cannot write, it does
 * without. Not in a folder for all users, as Node's own is: nobody else may say what runs here.
 */
const COMPILE_CACHE = compileCache(fileURLToPath(new URL('../../', import.meta.url)));
/** glibc keeps what threads have freed apart for each: with 15 instances of functions, 150 MB that nobody uses. */
const MALLOC_ARENA_MAX = '2';
/** Ending in good order takes up to 900 ms. */
const END_MS = 1500;
/** The embedded services close their files within 800 ms. */
const LAST_WORDS_MS = 1000;
const LOOK_MS = 20;
const LOOK_FOR_PARENT_MS = 250;

const stack = fork(fileURLToPath(new URL('./start.ts', import.meta.url)), process.argv.slice(2), {
  detached: process.platform !== 'win32',
  env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE, MALLOC_ARENA_MAX },
});
/** The exit code, known as soon as the stack begins to end. */
let code;
let ending = false;

stack.on('message', (message) => {
  code = message.ending;
  if (!ending) end();
});
stack.once('error', (error) => {
  console.error(`baton: the local stack could not be started: ${error.message}`);
  process.exit(1);
});
stack.once('exit', async (exitCode, signal) => {
  if (code === undefined) {
    if (signal)
      console.error(`baton: the local stack was killed (${signal}); start again, nothing is lost`);
    await groupGone();
  }
  // of an end in good order only child processes of functions are left
  killGroup();
  process.exit(code ?? exitCode ?? 1);
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    if (ending) return killGroup();
    code = 0;
    end();
  });
// The terminal may be gone.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

// npm passes a signal on to its shell, which does not pass it on to us; killed, npm leaves the shell behind. Who runs this
// file without npm may go before it.
if (process.env.npm_lifecycle_event) {
  const parent = process.ppid;
  const grandparent = parentOf(parent);
  setInterval(() => {
    if (ending || (process.ppid === parent && exists(grandparent))) return;
    code = 0;
    end();
  }, LOOK_FOR_PARENT_MS);
}

/** Beside the npm package; in the repository among its modules. */
function compileCache(own) {
  const above = dirname(own);
  const modules = basename(above) === 'node_modules' ? above : join(own, 'node_modules');
  return join(modules, '.cache/batonflow');
}

function end() {
  ending = true;
  if (stack.connected) stack.send('end', () => {});
  setTimeout(killGroup, END_MS);
}

async function groupGone() {
  const until = performance.now() + LAST_WORDS_MS;
  while (signalGroup(0) && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}

function killGroup() {
  if (!signalGroup('SIGKILL')) stack.kill('SIGKILL');
}

/** Undefined where it cannot be told. */
function parentOf(pid) {
  try {
    return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { stdio: 'pipe' }));
  } catch {
    return undefined;
  }
}

/** Whether there is such a process; true for an unknown one. */
function exists(pid) {
  try {
    return pid === undefined || process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Whether there is a process that gets it. */
function signalGroup(signal) {
  try {
    return process.kill(-stack.pid, signal);
  } catch {
    return false;
  }
}
