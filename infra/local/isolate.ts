/** The first import of start.ts: what is imported after it reads an environment that is ours. */
import { isolateEnvironment } from './environment.ts';

isolateEnvironment();
