import { readInputValue } from '../../src/cli/input-value.ts';
import { readDefinitionText } from '../../src/contract/workflow-definition.ts';
import type { Json } from '../../src/core/json.ts';
import type { CallOptions, Reply } from '../app/system.ts';
import { CONTEXT, createSystem, sqsEvent, tokenFor } from '../app/system.ts';

/** What became of a value: it is kept as this JSON text, or refused at that path. */
export type Fate = { readonly kept: string } | { readonly code: string; readonly path?: string };

interface BatchAnswer {
  readonly rejected: readonly { readonly code: string; readonly path?: string }[];
}

/** Ways on which a JSON value comes in, and where a refusal says that it stands. */
export interface Border {
  readonly name: string;
  /** The path of the value itself. */
  readonly at: string;
  /** Values that mean something else here, or are refused by a rule of the border's own. */
  readonly unlike?: RegExp;
  readonly take: (text: string) => Promise<Fate>;
}

export const BORDERS: readonly Border[] = [
  {
    name: "an order's input",
    at: 'input',
    take: (text) => place({ body: `{"input": ${text}, "todo": ["A"]}`, type: 'application/json' }),
  },
  {
    name: 'an element of an array',
    at: 'input',
    take: (text) =>
      place({ body: `[{"input": ${text}, "todo": ["A"]}]`, type: 'application/json' }),
  },
  {
    name: 'a line of NDJSON',
    at: 'input',
    take: (text) =>
      place({ body: `{"input": ${text}, "todo": ["A"]}\n`, type: 'application/x-ndjson' }),
  },
  {
    name: 'a cell of a CSV that is said to be JSON',
    at: 'input',
    take: (text) =>
      place({ body: `input:json,todo\n"${text.replaceAll('"', '""')}",A\n`, type: 'text/csv' }),
  },
  {
    name: "an event's data",
    at: 'data',
    async take(text) {
      const system = createSystem();
      const body = { on: ['x'], activities: [{ name: 'go', pre: ['A'] }] };
      await system.call('PUT', '/workflows/w', { body });
      const event = { body: `{"type": "x", "data": ${text}}`, type: 'application/json' };
      return fateOf(await system.call('POST', '/events', event), system);
    },
  },
  ...(['json', 'yaml'] as const).map(
    (format): Border => ({
      name: `a template in a definition, as ${format}`,
      at: 'activities[0].pre[0].input',
      // Strings are expressions; YAML itself has no key twice.
      unlike: format === 'json' ? /^"/ : /^"|^\{"a"/,
      async take(text) {
        const definition = `{"activities": [{"name": "go", "pre": [{"plugin": "A", "input": ${text}}]}]}`;
        return attempt(() => {
          const [step] = readDefinitionText('w', definition, format).activities[0]?.pre ?? [];
          return (step as { input: Json }).input;
        });
      },
    }),
  ),
  {
    name: 'an option of the command line',
    at: '',
    async take(text) {
      return attempt(() => readInputValue(text) as Json);
    },
  },
  {
    name: "a plugin's result",
    at: 'answers[0].result',
    async take(text) {
      const system = createSystem();
      await system.call('POST', '/orders', { body: { orderId: 'o', input: 1, todo: ['A'] } });
      await system.orchestrate(sqsEvent([{ type: 'OrderAccepted', orderId: 'o' }]), CONTEXT);
      const token = tokenFor('A', { orderId: 'o', taskId: 't1', attempt: 1 });
      const body = `{"answers": [{"type": "TaskCompleted", "token": "${token}", "result": ${text}}]}`;
      await system.orchestrate(sqsEvent([body]), CONTEXT);
      const state = system.ports.journal.all().get('o')?.at(-1)?.state;
      if (state?.status === 'completed') return { kept: JSON.stringify(state.result) };
      return { code: 'REFUSED' };
    },
  },
];

async function place(options: CallOptions): Promise<Fate> {
  const system = createSystem();
  return fateOf(await system.call('POST', '/orders', options), system);
}

function fateOf(answer: Reply<unknown>, system: ReturnType<typeof createSystem>): Fate {
  const [journal] = [...system.ports.journal.all().values()];
  const [event] = journal?.[0]?.events ?? [];
  if (event?.type === 'OrderPlaced') return { kept: JSON.stringify(event.input) };
  const { rejected: [row] = [] } = answer.body as Partial<BatchAnswer>;
  const { code, path } = row ?? (answer.body as { code: string; path?: string });
  return { code, ...(path !== undefined && { path }) };
}

/** A refusal's message begins with the path. */
function attempt(read: () => Json): Fate {
  try {
    return { kept: JSON.stringify(read()) };
  } catch (error) {
    const { message, errors } = error as {
      message: string;
      errors?: readonly { readonly path?: string }[];
    };
    const path = errors === undefined ? /^(\S+): /.exec(message)?.[1] : errors[0]?.path;
    return { code: 'INVALID_REQUEST', ...(path !== undefined && { path }) };
  }
}
