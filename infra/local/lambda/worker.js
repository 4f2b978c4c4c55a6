// The inside of a function instance. JavaScript, so that a cold start does not load the type stripper in each worker.
import { parentPort, workerData } from 'node:worker_threads';

const { file, exportName, functionContext } = workerData;
// A plugin's author finds file and line of their own. The core throws often, and each error would be slower.
if (process.env.BATON_PLUGIN) process.setSourceMapsEnabled(true);
const loading = import(file);
const loaded = () => parentPort.postMessage({ loading: 'ended' });
// a failure to load is the answer to the first invocation
loading.then(loaded, loaded);

parentPort.on('message', async ({ requestId, text, deadline }) => {
  let loaded = false;
  try {
    const module = await loading;
    const handler = module[exportName];
    loaded = true;
    if (typeof handler !== 'function')
      throw new Error(
        `${handler === undefined ? `there is no export ${exportName}` : `the export ${exportName} is no function`}; there are: ${Object.keys(module).join(', ') || 'none'}`,
      );
    const context = {
      ...functionContext,
      awsRequestId: requestId,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    };
    const result = await handler(JSON.parse(text), context);
    parentPort.postMessage({ requestId, response: JSON.stringify(result ?? null) });
  } catch (error) {
    parentPort.postMessage({
      requestId,
      error: {
        errorType: error?.name ?? 'Error',
        errorMessage: String(error?.message ?? error),
        stack: String(error?.stack ?? ''),
      },
      loaded,
    });
  }
});
