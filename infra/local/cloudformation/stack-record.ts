import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ProvisionedResource } from './resource.ts';

/** A resource as it was provisioned; custom resources keep their properties, for the next Update and the Delete. */
export interface RecordedResource extends ProvisionedResource {
  type: string;
  properties?: Record<string, unknown>;
}

export interface StackRecord {
  folder: string;
  stackName: string;
  resources: Record<string, RecordedResource>;
}

/** What was provisioned by service, kept in the data folder, so that what has gone from disk can be taken away. */
export class StackRecords {
  readonly #file: string;
  readonly #stacks: Record<string, StackRecord>;

  constructor(file: string) {
    this.#file = file;
    this.#stacks = read(file);
  }

  get(service: string): StackRecord | undefined {
    return this.#stacks[service];
  }

  services(): string[] {
    return Object.keys(this.#stacks);
  }

  set(service: string, record: StackRecord): void {
    this.#stacks[service] = record;
    this.#write();
  }

  delete(service: string): void {
    delete this.#stacks[service];
    this.#write();
  }

  /** By rename, so that a kill leaves the old file or the new one. */
  #write(): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    const next = `${this.#file}.next`;
    // it holds the plugins' signing keys
    writeFileSync(next, JSON.stringify({ stacks: this.#stacks }, null, 2), { mode: 0o600 });
    renameSync(next, this.#file);
  }
}

function read(file: string): Record<string, StackRecord> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).stacks;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
