import type { ObjectCalls } from '../aws-calls/object-service.ts';
import { connectObjectService } from '../aws-calls/object-service.ts';

const MAX_ATTEMPTS = 3;

/** An object has up to 32 MiB, which a small function reads for a while. */
const PATIENCE = { connectionTimeout: 2000, requestTimeout: 8000, socketTimeout: 8000 };

/** The calls of S3 that a plugin makes. */
export function connectObjects(): ObjectCalls {
  return connectObjectService({ maxAttempts: MAX_ATTEMPTS, patience: PATIENCE });
}
