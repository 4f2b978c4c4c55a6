/** Something the person at the terminal can put right: shown as one line, without a stack trace. */
export class LocalError extends Error {
  override readonly name = 'LocalError';
}

/** The one line for any error; only an unexpected one keeps its name. */
export function oneLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = error.message.split('\n').find((line) => line.trim()) ?? 'no message';
  return error.name === 'Error' || error.name === 'LocalError'
    ? message
    : `${error.name}: ${message}`;
}

const ELSEWHERE = 'or choose another data folder with --data DIR';

/** By the code of the failed call; what has none is no matter for the person at the terminal. */
const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: `give yourself the right to it, ${ELSEWHERE}`,
  EEXIST: 'move away the file that stands where a folder should be',
  EIO: `that disk has a fault: ${ELSEWHERE.slice(3)}`,
  EISDIR: 'move away the folder that stands where a file should be',
  // of rmSync
  ERR_FS_EISDIR: 'move away the folder that stands where a file should be',
  ELOOP: 'mend the link',
  EMFILE: 'raise the number of open files (ulimit -n)',
  ENAMETOOLONG: 'choose a shorter name',
  ENOENT: `see to that folder, ${ELSEWHERE}`,
  ENOSPC: `that disk is full: make room, ${ELSEWHERE}`,
  ENOTDIR: 'move away the file that stands where a folder should be',
  EPERM: `give yourself the right to it, ${ELSEWHERE}`,
  EROFS: `that disk is read-only: ${ELSEWHERE.slice(3)}`,
};

/** A failure of the file system as a line that names the file and what to do; any other error as it is. */
export function withRemedy(error: unknown): unknown {
  const { code, path, dest, syscall } = (error ?? {}) as NodeJS.ErrnoException & { dest?: string };
  if (!code || !path || !syscall) return error;
  const remedy = REMEDIES[code];
  if (!remedy) return error;
  return new LocalError(`${dest ?? path} cannot be used (${syscall}: ${code}): ${remedy}.`);
}
