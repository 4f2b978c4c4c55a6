import { makeAuthorize } from '../app/access/authorize-call.ts';
import { tokens } from '../aws/adapters.ts';

export const handler = makeAuthorize({ tokens: tokens() });
