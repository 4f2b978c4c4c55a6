import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { database, type TableStore } from '../../infra/local/embedded/dynalite-internals.ts';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { createActiveTable } from './active-table.ts';
import { localClients } from './local-clients.ts';

/** The embedded DynamoDB with one table, over a store whose calls a test watches: below the mends. */
export async function startWatched(
  watch: (store: TableStore) => void,
  table: Omit<CreateTableCommandInput, 'BillingMode'>,
) {
  const { create } = database;
  database.create = (options) => {
    const store = create(options);
    watch(store);
    return store;
  };
  const aws = await startEmbeddedAws();
  const clients = localClients(aws);
  await createActiveTable(clients.dynamodb, table);
  return {
    dynamodb: clients.dynamodb,
    stop: async () => {
      database.create = create;
      for (const client of Object.values(clients)) client.destroy();
      await aws.stop();
    },
  };
}

export type Watched = Awaited<ReturnType<typeof startWatched>>;
