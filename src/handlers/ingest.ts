import { makeIngest } from '../app/intake/ingest-api.ts';
import {
  awaitedEvents,
  clientContracts,
  directAnswers,
  objects,
  placingPorts,
} from '../aws/adapters.ts';
import { environment } from '../aws/environment.ts';

export const handler = makeIngest({
  ...placingPorts(),
  awaitedEvents: awaitedEvents(),
  clients: clientContracts(),
  objects: objects(),
  directAnswers: directAnswers(),
  maxInputBytes: environment().maxInputBytes,
});
