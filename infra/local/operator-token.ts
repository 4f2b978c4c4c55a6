import type { LoadedService } from './services/load-service.ts';

/** Makes an operator's token as `serverless invoke -f tokens` does on AWS. `undefined` when the core has no tokens. */
export async function makeOperatorToken(
  controlUrl: string,
  core: LoadedService | undefined,
): Promise<string | undefined> {
  const name = core?.functions.find(({ key }) => key === 'tokens')?.name;
  return name === undefined ? undefined : operatorToken(controlUrl, name);
}

/** @param name of the function that makes tokens */
export async function operatorToken(controlUrl: string, name: string): Promise<string> {
  const response = await fetch(`${controlUrl}/2015-03-31/functions/${name}/invocations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ operator: 'local' }),
  });
  const { token, errorMessage } = (await response.json()) as {
    token?: string;
    errorMessage?: string;
  };
  if (token === undefined) throw new Error(`${name} made no token: ${errorMessage}`);
  return token;
}
