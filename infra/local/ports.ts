import { randomInt } from 'node:crypto';
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

/** Below the ports that Linux (32768) and macOS (49152) give to connections, above those of well-known servers. */
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_767;
const TRIES = 50;

/**
 * A port for a server that will listen later. It is outside the range from which the system takes ports for connections and for
 * port 0: nothing but another server that chose it, too, can take it in the meantime.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = await bind(randomInt(LOWEST_PORT, HIGHEST_PORT + 1)).catch(() => undefined);
    if (port !== undefined) return port;
  }
  return bind(0);
}
