import { s3 } from '../aws/clients.ts';
import { environment } from '../aws/environment.ts';
import { createObjectStore } from '../aws/object-store.ts';
import { clientContracts, ports } from '../aws/ports.ts';
import { makeIngest } from './intake/ingest-api.ts';

const { maxInputBytes, bucketName } = environment();

export const handler = makeIngest({
  ...ports(),
  clients: clientContracts(),
  objects: createObjectStore(s3(), bucketName),
  maxInputBytes,
});
