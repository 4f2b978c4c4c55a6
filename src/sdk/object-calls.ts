import type { ObjectCalls } from '../aws-calls/object-service.ts';
import { connectObjectService } from '../aws-calls/object-service.ts';

const MAX_ATTEMPTS = 3;

/** An object has up to 32 MiB, which a small function reads for a while. */
const PATIENCE = { connectionTimeout: 2000, requestTimeout: 8000, socketTimeout: 8000 };

/**
 * The calls of S3 that a plugin makes.
 * @param variables where the region, the credentials and the endpoint stand, at the time of each call
 */
export function connectObjects(variables: NodeJS.ProcessEnv = process.env): ObjectCalls {
  return connectObjectService({ variables, maxAttempts: MAX_ATTEMPTS, patience: PATIENCE });
}
