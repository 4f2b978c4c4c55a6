import { execFileSync } from 'node:child_process';

/** A process and all that descend from it, the process itself first. */
export function processTree(root: number): readonly number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim();
  const children = new Map<number, number[]>();
  for (const line of lines.split('\n')) {
    const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/**
 * `kill -9` of a process and all its descendants, as when the power fails: none of them learns that another has ended.
 * @returns how many were killed
 */
export function killTree(root: number): number {
  const tree = processTree(root);
  // They stand still first: a parent that saw its child die could still write something.
  for (const pid of tree) send(pid, 'SIGSTOP');
  return tree.filter((pid) => send(pid, 'SIGKILL')).length;
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    // It has ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
