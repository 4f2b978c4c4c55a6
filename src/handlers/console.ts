import { consoleFiles } from '../app/console/console-files.ts';
import { serveConsole } from '../app/console/serve-console.ts';

export const handler = serveConsole(consoleFiles());
