import { type AddressInfo, createServer } from 'node:net';
import { LocalError } from './local-error.ts';

/** Fails with a line that names the port and the flag when something listens there. Port 0 always passes. */
export async function checkPort(port: number, flag: string, purpose: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const probe = createServer()
    .once('error', (error: NodeJS.ErrnoException) => {
      const fact =
        error.code === 'EADDRINUSE' ? 'is already taken' : `cannot be used (${error.code})`;
      reject(
        new LocalError(`Port ${port} for ${purpose} ${fact}; choose another with ${flag} PORT.`),
      );
    })
    .listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve()));
  await promise;
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const probe = createServer()
    .once('error', reject)
    .listen({ port: 0, host: '127.0.0.1', exclusive: true }, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  return promise;
}
