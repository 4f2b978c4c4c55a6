import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { replaceFile } from '../data/replace-file.ts';

type Call = <Answer>(operation: string, input: object) => Promise<Answer>;
type Key = Record<string, { S?: string; N?: string; B?: string }>;
interface Page {
  Items: Key[];
  LastEvaluatedKey?: Key;
}

/** What UpdateTimeToLive sends. */
export interface TimeToLiveRequest {
  TableName: string;
  TimeToLiveSpecification: { AttributeName: string; Enabled: boolean };
}

/** The attribute by the table's name. */
const settingsSchema = z.record(z.string(), z.string());

/**
 * DynamoDB's time to live, which dynalite lacks: the setting of each table, kept in `file`, and the reaper.
 * AWS deletes within days; the reaper comes round every ten minutes and takes small pages, so that nobody waits for it.
 */
export class TimeToLive {
  readonly #attributes: Map<string, string>;
  readonly #file: string | undefined;
  readonly #call: Call;
  readonly #timer: NodeJS.Timeout;

  constructor(call: Call, file: string | undefined, everySeconds = 600) {
    this.#call = call;
    this.#file = file;
    this.#attributes = new Map(Object.entries(readSettings(file)));
    this.#timer = setInterval(() => void this.reap().catch(() => {}), everySeconds * 1000).unref();
  }

  update({ TableName, TimeToLiveSpecification }: TimeToLiveRequest): object {
    if (TimeToLiveSpecification.Enabled)
      this.#attributes.set(TableName, TimeToLiveSpecification.AttributeName);
    else this.#attributes.delete(TableName);
    if (this.#file)
      replaceFile(this.#file, JSON.stringify(Object.fromEntries(this.#attributes), null, 2));
    return { TimeToLiveSpecification };
  }

  describe({ TableName }: { TableName: string }): object {
    const AttributeName = this.#attributes.get(TableName);
    return {
      TimeToLiveDescription: AttributeName
        ? { TimeToLiveStatus: 'ENABLED', AttributeName }
        : { TimeToLiveStatus: 'DISABLED' },
    };
  }

  /** Deletes what has expired, now. Answers with the number of items deleted. */
  async reap(): Promise<number> {
    let deleted = 0;
    for (const [table, attribute] of this.#attributes)
      deleted += await this.#reap(table, attribute);
    return deleted;
  }

  async #reap(TableName: string, attribute: string): Promise<number> {
    const condition = {
      ExpressionAttributeNames: { '#expires': attribute },
      ExpressionAttributeValues: { ':now': { N: String(Math.floor(Date.now() / 1000)) } },
    };
    const { Table } = await this.#call<{ Table: { KeySchema: { AttributeName: string }[] } }>(
      'DescribeTable',
      { TableName },
    );
    const keyNames = Table.KeySchema.map((key) => key.AttributeName);
    let deleted = 0;
    let page: Page | undefined;
    do {
      page = await this.#call<Page>('Scan', {
        TableName,
        Limit: 100,
        FilterExpression: '#expires < :now',
        ...condition,
        ...(page?.LastEvaluatedKey && { ExclusiveStartKey: page.LastEvaluatedKey }),
      });
      for (const item of page.Items) {
        const Key = Object.fromEntries(keyNames.map((name) => [name, item[name]]));
        const ConditionExpression = '#expires < :now';
        await this.#call('DeleteItem', { TableName, Key, ConditionExpression, ...condition });
        deleted += 1;
      }
    } while (page.LastEvaluatedKey);
    return deleted;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

function readSettings(file: string | undefined): Record<string, string> {
  if (!file) return {};
  try {
    return settingsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      console.error(
        `${file} cannot be read: the time to live of tables is set as their templates say`,
      );
    return {};
  }
}
