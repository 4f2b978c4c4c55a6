import { makeTokens } from '../app/access/operator-tokens.ts';
import { lifecycle, tokens } from '../aws/adapters.ts';

export const handler = makeTokens({
  tokens: tokens(),
  lifecycle: lifecycle(),
  clock: Date.now,
});
