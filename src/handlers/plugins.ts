import { makePlugins } from '../app/registration/plugins-api.ts';
import { failureWindows, inputSchemas, messenger, quarantines, registry } from '../aws/adapters.ts';

export const handler = makePlugins({
  registry: registry(),
  inputSchemas: inputSchemas(),
  quarantines: quarantines(),
  failureWindows: failureWindows(),
  messenger: messenger(),
  clock: Date.now,
});
