import { readdirSync, readFileSync } from 'node:fs';

/** Of the clock ticks in /proc: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const MS_A_TICK = 10;

/** Milliseconds of processor time that a process has used, its threads included. Undefined where there is no /proc. */
export function processorMs(pid: number): number | undefined {
  const stat = statOf(pid);
  if (stat === undefined) return undefined;
  // Counted after the name, which may hold spaces: user time is the 12th field, system time the 13th.
  return (Number(stat[11]) + Number(stat[12])) * MS_A_TICK;
}

/** The process below the given one, at any depth, whose command line holds the text. */
export function descendant(pid: number, text: string): number | undefined {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const parentOf = (one: number) => Number(statOf(one)?.[1]);
  const isBelow = (one: number): boolean =>
    one > 1 && (parentOf(one) === pid || isBelow(parentOf(one)));
  return all.find((one) => isBelow(one) && commandOf(one).includes(text));
}

/** What stands after the name; the state comes first. */
function statOf(pid: number): readonly string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ');
  } catch {
    return undefined;
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
