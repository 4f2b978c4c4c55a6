import { createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, expect, it } from '@jest/globals';
import { checkPort, freePort } from '../../infra/local/ports.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(host: string): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ port: 0, host, ipv6Only: true }, resolve);
  });
  return (server.address() as { port: number }).port;
}

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

// Was: another server on [::1]:3000 went unnoticed, and localhost led to it.
// Now: every loopback address is asked whether somebody answers there.
it.each(['127.0.0.1', '0.0.0.0', ...(hasIpv6 ? ['::1', '::'] : [])])(
  'a port with a server on %s is taken',
  async (host) => {
    const port = await listen(host);
    await expect(checkPort(port, '--port', 'the API')).rejects.toThrow(
      new RegExp(
        `^Port ${port} for the API is already taken( on \\[::1\\], where localhost may lead)?; choose another with --port PORT\\.$`,
      ),
    );
  },
);

it('a port that nobody has, and port 0, are free', async () => {
  const port = await listen('127.0.0.1');
  await new Promise((resolve) => servers.pop()?.close(resolve));
  await expect(checkPort(port, '--port', 'the API')).resolves.toBeUndefined();
  await expect(checkPort(0, '--port', 'the API')).resolves.toBeUndefined();
});

// Was: between the choice of a port and listening there, a connection or a server with port 0 could take it: EADDRINUSE.
// Now: it lies outside the range from which the system takes such ports.
it('a port for a server that listens later is none that a connection may take meanwhile', async () => {
  const ports = await Promise.all(Array.from({ length: 20 }, freePort));
  for (const port of ports) {
    expect(port).toBeGreaterThanOrEqual(20_000);
    expect(port).toBeLessThan(32_768);
  }
});
