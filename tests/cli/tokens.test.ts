import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { FakeApi, problem } from './fake-api.ts';
import { runBaton } from './run-baton.ts';

const api = new FakeApi();
beforeAll(async () => {
  await api.start();
});
afterEach(() => api.reset());
afterAll(() => api.stop());

const baton = (...args: string[]) => runBaton(['--api', api.url, ...args]);

const shown = { prefix: 'baton_c_abcdefgh', name: 'shop', createdAt: '2026-11-21T12:00:00.000Z' };

it('clients token prints nothing but the token on stdout', async () => {
  api.reset({
    'POST /clients/X/tokens': { status: 201, body: { ...shown, token: 'baton_c_abcdefghijk' } },
  });
  const { stdout, stderr, exitCode } = await baton('clients', 'token', 'X', '--name', 'shop');
  expect([stdout, exitCode]).toEqual(['baton_c_abcdefghijk\n', 0]);
  expect(stderr).toContain('shown only once');
  expect(JSON.parse(String(api.received[0]?.body))).toEqual({ name: 'shop' });
});

it('clients token makes one that ends, and clients tokens shows when', async () => {
  const body = { ...shown, expiresAt: '2027-02-19T12:00:00.000Z' };
  api.reset({
    'POST /clients/X/tokens': { status: 201, body: { ...body, token: 'baton_c_abcdefghijk' } },
    'GET /clients/X/tokens': { body: { tokens: [body, shown] } },
  });
  await baton('clients', 'token', 'X', '--expires-in-days', '90');
  expect(JSON.parse(String(api.received[0]?.body))).toEqual({ expiresInDays: 90 });
  const { stdout } = await baton('clients', 'tokens', 'X');
  expect(stdout).toMatch(/2026-11-21T12:00\S* {2}2027-02-19T12:00/);
  expect(stdout).toMatch(/2026-11-21T12:00\S* {2}never/);
});

it("clients tokens lists a client's tokens, clients revoke revokes one", async () => {
  api.reset({
    'GET /clients/X/tokens': { body: { tokens: [shown] } },
    'DELETE /clients/X/tokens/baton_c_abcdefgh': { body: shown },
  });
  const listed = await baton('clients', 'tokens', 'X');
  expect(listed.stdout).toMatch(/baton_c_abcdefgh… {2}shop {2}2026-11-21T12:00/);
  const revoked = await baton('clients', 'revoke', 'X', 'baton_c_abcdefgh');
  expect([revoked.stdout, revoked.exitCode]).toEqual(['baton_c_abcdefgh… revoked\n', 0]);
});

it('the token is sent with each request; a refusal says how to give another', async () => {
  api.reset({ 'GET /workflows': { status: 403, body: { message: 'Forbidden' } } });
  const refused = await baton('--token', 'baton_c_x', 'workflows', 'list');
  expect(api.received[0]?.headers.authorization).toBe('Bearer baton_c_x');
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain('FORBIDDEN: the API does not accept the token');
  expect(refused.stderr).toContain('--token or BATON_TOKEN');

  const detail = "GET /workflows takes an operator's token";
  api.reset({ 'GET /workflows': problem(403, 'FORBIDDEN', detail) });
  expect((await baton('workflows', 'list')).stderr).toContain(`FORBIDDEN: ${detail}`);
});
