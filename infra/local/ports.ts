import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { LocalError } from './local-error.ts';

/** Loopback answers at once, or not at all. */
const ANSWER_WITHIN_MS = 500;

/**
 * Fails with a line that names the port and the flag when something listens there. Port 0 always passes.
 *
 * Binding 127.0.0.1 does not tell of another server on `[::1]`, nor on macOS of one on all addresses, and `localhost` may lead
 * to either.
 */
export async function checkPort(port: number, flag: string, purpose: string): Promise<void> {
  const refuse = (fact: string) => {
    throw new LocalError(`Port ${port} for ${purpose} ${fact}; choose another with ${flag} PORT.`);
  };
  const code = await bind(port).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error.code ?? String(error),
  );
  if (code === 'EADDRINUSE') refuse('is already taken');
  if (code !== undefined) refuse(`cannot be used (${code})`);
  if (port === 0) return;
  for (const [host, name] of [
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '[::1]'],
  ] as const)
    if (await answers(port, host)) refuse(`is already taken on ${name}, where localhost may lead`);
}

/** Listens for a moment. @returns the port, which is a free one for 0 */
async function bind(port: number): Promise<number> {
  const probe = createServer().listen({ port, host: '127.0.0.1', exclusive: true });
  try {
    await once(probe, 'listening');
    return (probe.address() as AddressInfo).port;
  } finally {
    await new Promise((resolve) => probe.close(resolve));
  }
}

async function answers(port: number, host: string): Promise<boolean> {
  const socket = connect({ port, host, timeout: ANSWER_WITHIN_MS });
  socket.once('timeout', () => socket.destroy(new Error('no answer')));
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** A port that is free now. */
export const freePort = (): Promise<number> => bind(0);
