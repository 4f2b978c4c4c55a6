/** What is to be stored or sent is larger than AWS takes: trying again does not help. */
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
