import { clientContracts, registry, tokens, workflows } from '../aws/ports.ts';
import { makeClients } from './api/clients-api.ts';

export const handler = makeClients({
  clients: clientContracts(),
  registry: registry(),
  workflows: workflows(),
  tokens: tokens(),
});
