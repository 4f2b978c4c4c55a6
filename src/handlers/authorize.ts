import { tokens } from '../aws/ports.ts';
import { makeAuthorize } from './access/authorize-call.ts';

export const handler = makeAuthorize({ tokens: tokens() });
