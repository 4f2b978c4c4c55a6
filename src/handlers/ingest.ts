import { makeIngest } from '../app/intake/ingest-api.ts';
import { clientContracts, enginePorts, objects } from '../aws/adapters.ts';
import { environment } from '../aws/environment.ts';

export const handler = makeIngest({
  ...enginePorts(),
  clients: clientContracts(),
  objects: objects(),
  maxInputBytes: environment().maxInputBytes,
});
