import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { readPlugins } from '../../infra/core-resources/read-plugins.ts';
import { PROJECT } from './package-service.ts';

const CREDENTIALS = { accessKeyId: 'id', secretAccessKey: 'secret' };

let server: Server;
/** The table's items by partition; nothing if there is no table. */
let table: Readonly<Record<string, object[]>> | undefined;
let allowed: readonly string[] = [];

/** DynamoDB, as far as it answers queries of whoever has the deployer's policy. */
beforeEach(async () => {
  const policy = await readFile(path.join(PROJECT, 'docs/deployer-policy.json'), 'utf8');
  const { Condition } = JSON.parse(policy).Statement.find(
    ({ Sid }: { Sid: string }) => Sid === 'RegisteredPlugins',
  );
  allowed = Condition['ForAllValues:StringEquals']['dynamodb:LeadingKeys'];
  server = createServer(async (request, response) => {
    const { ExpressionAttributeValues } = JSON.parse(await text(request));
    const partition = ExpressionAttributeValues[':partition'].S as string;
    const refusal =
      table === undefined
        ? 'ResourceNotFoundException'
        : allowed.includes(partition)
          ? undefined
          : 'AccessDeniedException';
    response.statusCode = refusal === undefined ? 200 : 400;
    response.end(JSON.stringify(refusal ? { __type: refusal } : { Items: table?.[partition] }));
  });
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${port}`;
});

afterEach(async () => {
  delete process.env.AWS_ENDPOINT_URL;
  server.closeAllConnections();
  await new Promise((done) => void server.close(done));
});

const read = async () => {
  const config = { region: 'us-east-1', credentials: CREDENTIALS };
  return [...(await readPlugins(config, 'baton-prod')).values()];
};

// Was: the registry's own way, which reads quarantines, too: whoever had the policy of docs/deploy.md was denied the removal of a core.
it('the plugins that keep a core from being removed are read with the rights of the deployer’s policy', async () => {
  const plugin = { name: 'resize', owner: 'arn:aws:cloudformation:…:stack/baton-prod-photos' };
  const item = { pk: { S: 'plugins' }, sk: { S: 'resize' }, plugin: { S: JSON.stringify(plugin) } };
  table = { plugins: [item], quarantines: [] };
  expect(await read()).toEqual([plugin]);
});

it('where there is no table, there are none', async () => {
  table = undefined;
  expect(await read()).toEqual([]);
});
