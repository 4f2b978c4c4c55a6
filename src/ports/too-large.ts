/** AWS does not take a value of this size; to try again does not help. Sizes are in bytes. */
export class TooLargeError extends Error {
  readonly bytes: number;
  readonly limit: number;

  constructor(what: string, bytes: number, limit: number) {
    super(`${what} is ${bytes} bytes; at most ${limit} are possible`);
    this.name = 'TooLargeError';
    this.bytes = bytes;
    this.limit = limit;
  }
}
