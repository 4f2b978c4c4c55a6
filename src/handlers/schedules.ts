import { makeSchedules } from '../app/schedules/schedules-api.ts';
import { clientContracts, objects, registry, schedules, workflows } from '../aws/adapters.ts';
import { environment } from '../aws/environment.ts';

export const handler = makeSchedules({
  schedules: schedules(),
  clients: clientContracts(),
  registry: registry(),
  workflows: workflows(),
  objects: objects(),
  maxInputBytes: environment().maxInputBytes,
  clock: Date.now,
});
