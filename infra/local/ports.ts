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
  const code = await bind(port);
  if (code === 'EADDRINUSE') refuse('is already taken');
  if (code !== undefined) refuse(`cannot be used (${code})`);
  if (port === 0) return;
  for (const [host, name] of [
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '[::1]'],
  ] as const)
    if (await answers(port, host)) refuse(`is already taken on ${name}, where localhost may lead`);
}

/** The code of the error, if there is one. */
async function bind(port: number): Promise<string | undefined> {
  const probe = createServer().listen({ port, host: '127.0.0.1', exclusive: true });
  try {
    await once(probe, 'listening');
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
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
export async function freePort(): Promise<number> {
  const probe = createServer().listen({ port: 0, host: '127.0.0.1', exclusive: true });
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
