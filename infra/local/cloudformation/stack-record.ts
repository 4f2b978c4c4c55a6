import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { replaceFile } from '../data/replace-file.ts';
import { LocalError } from '../local-error.ts';
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

const text = z.string();
const fileSchema = z.object({
  stacks: z.record(
    text,
    z.looseObject({
      folder: text,
      stackName: text,
      resources: z.record(
        text,
        z.looseObject({ type: text, ref: text, attributes: z.record(text, z.unknown()) }),
      ),
    }),
  ),
});

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

  /** It holds the plugins' signing keys. */
  #write(): void {
    replaceFile(this.#file, JSON.stringify({ stacks: this.#stacks }, null, 2));
  }
}

function read(file: string): Record<string, StackRecord> {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw Object.assign(error as Error, { path: file });
  }
  try {
    return fileSchema.parse(JSON.parse(content)).stacks as unknown as Record<string, StackRecord>;
  } catch {
    throw new LocalError(
      `${file}, which says what is deployed, is damaged; put back a copy, or start with --reset, which forgets all data.`,
    );
  }
}
