import { makeTokens } from '../app/access/operator-tokens.ts';
import { tokens } from '../aws/adapters.ts';

export const handler = makeTokens({ tokens: tokens() });
