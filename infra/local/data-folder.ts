import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LocalError } from './local-error.ts';

/** Where a running stack can be reached; written to `running.json` in its data folder. */
export interface RunningStack {
  pid: number;
  controlUrl: string;
  apiUrl?: string;
  endpoints?: Record<string, string>;
}

/** The folder that holds everything of one system, and the claim on it. */
export class DataFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /**
   * Fails with one line when another run has the folder. That a process of that number exists proves nothing (numbers
   * are used again), so the other run is asked.
   */
  async refuseIfRunning(): Promise<void> {
    const running = this.#running();
    if (running && (await answers(running)))
      throw new LocalError(
        `The data folder ${this.path} is in use by another run (process ${running.pid}); stop it, or choose another with --data DIR or --param system-name=NAME.`,
      );
  }

  reset(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  claim(running: RunningStack): void {
    mkdirSync(this.path, { recursive: true });
    writeFileSync(this.file('running.json'), `${JSON.stringify(running, null, 2)}\n`);
  }

  release(): void {
    if (this.#running()?.pid === process.pid) rmSync(this.file('running.json'), { force: true });
  }

  #running(): RunningStack | undefined {
    try {
      return JSON.parse(readFileSync(this.file('running.json'), 'utf8'));
    } catch {
      return undefined;
    }
  }
}

async function answers({ controlUrl, pid }: RunningStack): Promise<boolean> {
  try {
    const response = await fetch(controlUrl, { signal: AbortSignal.timeout(1000) });
    return ((await response.json()) as { pid?: number }).pid === pid;
  } catch {
    return false;
  }
}
