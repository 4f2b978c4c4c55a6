import { makeClients } from '../app/clients/clients-api.ts';
import { clientContracts, lifecycle, registry, tokens, workflows } from '../aws/adapters.ts';

export const handler = makeClients({
  clients: clientContracts(),
  registry: registry(),
  workflows: workflows(),
  tokens: tokens(),
  lifecycle: lifecycle(),
  clock: Date.now,
});
