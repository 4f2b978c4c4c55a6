import { statSync } from 'node:fs';

/** How often the files are looked at; unlike fs.watch, looking works on every file system. */
const LOOK_MS = 400;

/** Something that was seen of a file, and is not the same after a change. */
export function stamp(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.mtimeMs} ${stat.size} ${stat.ino}` : 'missing';
}

/** Calls `look` again and again, never twice at once, until it is stopped. */
export function lookRegularly(look: () => Promise<void>): { stop: () => void } {
  let stopped = false;
  let timer: NodeJS.Timeout;
  const again = () => {
    timer = setTimeout(async () => {
      await look();
      if (!stopped) again();
    }, LOOK_MS).unref();
  };
  again();
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Calls `changed` when any of the files has changed; it answers with the files to look at from then on. */
export function watchFiles(
  files: string[],
  changed: () => Promise<string[]>,
): { stop: () => void } {
  const stampsOf = (paths: string[]) => new Map(paths.map((path) => [path, stamp(path)]));
  let stamps = stampsOf(files);
  return lookRegularly(async () => {
    const now = stampsOf([...stamps.keys()]);
    if ([...now].every(([path, seen]) => stamps.get(path) === seen)) return;
    stamps = now;
    // what changes while `changed` is at work is seen at the next look
    const next = await changed();
    stamps = new Map(next.map((path) => [path, now.get(path) ?? stamp(path)]));
  });
}
