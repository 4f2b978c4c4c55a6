/** What one expression may use up. */
export interface Limits {
  /** Processor time of the whole process: of the expression, and of the garbage collection and compilation for it. */
  readonly processorMs: number;
  /** Memory of the whole process (resident set). Bytes. */
  readonly memoryBytes: number;
}

/** What the thread of {@link watch} is given. */
export interface Watched extends Limits {
  /** One number: which turn the process is in, counted from 1; 0 while it evaluates nothing. */
  readonly turn: Int32Array;
  /** How often the limits are looked at. Milliseconds. */
  readonly tickMs: number;
}

/**
 * The body of a thread that ends its process when a turn is over the limits, and writes which limit to standard output.
 * It is made a thread from its own text, hence it refers to nothing outside itself.
 *
 * Nothing softer is sure: while a regular expression, a sort or one huge allocation runs, no JavaScript of the evaluating
 * thread does. Processor time and not time by the clock: on a machine that stalls, or in a Lambda that was frozen in the
 * middle of a turn, the clock goes on and the expression does not; it must not fail for that. The ticks are by the clock,
 * but only ask; after a thaw one of them comes at once and finds what had been used up before.
 */
export function watch(): void {
  const { workerData } = process.getBuiltinModule('node:worker_threads');
  const { writeSync } = process.getBuiltinModule('node:fs');
  const { turn, tickMs, processorMs, memoryBytes } = workerData as Watched;
  const usedMs = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  };
  const end = (cause: string) => {
    writeSync(1, `${cause}\n`);
    process.kill(process.pid, 'SIGKILL');
  };
  for (;;) {
    Atomics.wait(turn, 0, 0);
    const current = Atomics.load(turn, 0);
    const before = usedMs();
    while (current !== 0 && Atomics.load(turn, 0) === current) {
      Atomics.wait(turn, 0, current, tickMs);
      if (Atomics.load(turn, 0) !== current) break;
      if (usedMs() - before > processorMs) end('time');
      if (process.memoryUsage.rss() > memoryBytes) end('memory');
    }
  }
}
