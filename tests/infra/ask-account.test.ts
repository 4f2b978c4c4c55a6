import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { askAccount } from '../../infra/deploy/ask-account.ts';

const BUCKET = 'baton-prod-objects-123456789012-eu-west-1-an';

/** An account in which the first deployment of the core was rolled back; it refuses whatever else it is asked. */
function answer(request: IncomingMessage, body: string, response: ServerResponse): void {
  const send = (status: number, text = '') => response.writeHead(status).end(text);
  if (request.method === 'HEAD')
    return void send(request.url?.startsWith(`/${BUCKET}`) ? 200 : 404);
  if (request.headers['x-amz-target']?.toString().endsWith('DescribeTable')) {
    return void send(
      200,
      JSON.stringify({ Table: { TableName: JSON.parse(body.slice(0, -1)).TableName } }),
    );
  }
  if (body.includes('Action=GetCallerIdentity')) {
    const who = '<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/alice</Arn>';
    const result = `<GetCallerIdentityResult>${who}</GetCallerIdentityResult>`;
    return void send(200, `<GetCallerIdentityResponse>${result}</GetCallerIdentityResponse>`);
  }
  if (body.includes('Action=DescribeStacks') && body.includes('StackName=baton-prod&')) {
    const output =
      '<OutputKey>ServerlessDeploymentBucketName</OutputKey><OutputValue>b</OutputValue>';
    const stack = `<StackName>baton-prod</StackName><StackStatus>UPDATE_ROLLBACK_COMPLETE</StackStatus><Outputs><member>${output}</member></Outputs>`;
    const result = `<DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult>`;
    return void send(200, `<DescribeStacksResponse>${result}</DescribeStacksResponse>`);
  }
  send(403, '{}');
}

const given = { ...process.env };
let server: Server;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    answer(request, `${Buffer.concat(chunks)}&`, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  Object.assign(process.env, {
    ...{ AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_MAX_ATTEMPTS: '1' },
    ...{ AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
  });
});
afterAll(async () => {
  process.env = given;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

it('an account says what a deployment that was rolled back has left, and that the stack does not own it', async () => {
  const found = await askAccount({ region: 'eu-west-1' }, 'baton-prod', ['baton-prod']);
  expect(found).toMatchObject({
    ...{ account: '123456789012', isUnfinished: true, table: 'baton-prod', bucket: BUCKET },
    stacks: new Map([['baton-prod', 'UPDATE_ROLLBACK_COMPLETE']]),
    denied: ['lambda:GetAccountSettings'],
  });
});
