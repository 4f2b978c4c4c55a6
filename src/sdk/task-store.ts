import type { Runtime } from './runtime.ts';
import { PermanentError } from './task-errors.ts';

/**
 * The address of a file in the system's bucket. It is JSON: return it in a result, and the next plugin reads the file. An order whose
 * sender posts a file has such an address as its input.
 *
 * @example
 * import { definePlugin, type FileRef } from 'batonflow/sdk';
 *
 * export const countBytes = definePlugin((file: FileRef) => file.bytes);
 */
export interface FileRef {
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
  /** How many bytes it has. */
  readonly bytes: number;
}

/**
 * Files of an order, for what is too large to be a result, or no JSON. They lie in the system's bucket below `orders/`, where every plugin
 * of the system may read and write, whoever's order it is; they go when the bucket's lifecycle rule says so (400 days by default).
 *
 * @example
 * import { definePlugin, type FileRef } from 'batonflow/sdk';
 *
 * export const shout = definePlugin(async (file: FileRef, task) => {
 *   const text = (await task.store.get(file)).toString();
 *   return task.store.put('loud.txt', text.toUpperCase(), 'text/plain');
 * });
 */
export interface TaskStore {
  /**
   * Stores a file for this order and job. Its key is made of both and of the name, so that a task that runs again replaces its own file.
   *
   * @param name letters, digits and `. _ -`, at most 100
   * @param contentType Default `application/octet-stream`.
   * @throws {PermanentError} INVALID_FILE_NAME
   */
  put(name: string, content: Uint8Array | string, contentType?: string): Promise<FileRef>;
  /**
   * Reads a file that a plugin of this system has stored, or that came as an order's input.
   *
   * @throws {PermanentError} FILE_MISSING for one that is not there, any more or yet; FOREIGN_FILE for an address outside the system's files
   */
  get(file: Pick<FileRef, 'bucket' | 'key'>): Promise<Buffer>;
}

const NAME = /^[A-Za-z0-9._-]{1,100}$/;

export function taskStore(
  orderId: string,
  job: string,
  { files }: Pick<Runtime, 'files'>,
): TaskStore {
  return {
    async put(name, content, contentType = 'application/octet-stream') {
      if (!NAME.test(name)) {
        const message = `a file's name has 1 to 100 letters, digits and ". _ -", not ${JSON.stringify(name)}`;
        throw new PermanentError('INVALID_FILE_NAME', message);
      }
      const body = Buffer.from(content);
      const key = `orders/${orderId}/files/${job}/${name}`;
      await files.put(key, body, contentType);
      return { bucket: files.bucket, key, contentType, bytes: body.byteLength };
    },

    async get({ bucket, key }) {
      if (bucket !== files.bucket || typeof key !== 'string' || !key.startsWith('orders/')) {
        const message = `${JSON.stringify({ bucket, key })} is no file of an order in ${files.bucket}`;
        throw new PermanentError('FOREIGN_FILE', message);
      }
      const found = await files.get(key);
      if (found !== undefined) return found;
      throw new PermanentError('FILE_MISSING', `there is no ${key} in ${bucket}`);
    },
  };
}
