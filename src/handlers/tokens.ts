import { tokens } from '../aws/ports.ts';
import { makeTokens } from './access/operator-tokens.ts';

export const handler = makeTokens({ tokens: tokens() });
