import * as paths from '../../client/paths.ts';
import type { Todo } from '../../core/workflow.ts';
import { json } from '../api.ts';
import type { AddCommand } from '../command.ts';
import { action } from '../command.ts';
import { UsageError } from '../errors.ts';
import { readInput } from '../read-input.ts';
import type { ClientView } from '../responses.ts';
import { readTodo, writeTodo } from '../todo.ts';
import { addClientTokens } from './client-tokens.ts';

interface PutOptions {
  readonly workflow?: string;
  readonly todo?: Todo;
}

/** `baton clients put|get|token|tokens|revoke` */
export const addClients: AddCommand = (program, setExitCode) => {
  const clients = program
    .command('clients')
    .description("clients' contracts, which say what their orders run, and clients' tokens");
  clients
    .command('put')
    .description("set what a client's orders run if they do not say it themselves")
    .argument('<clientId>')
    .argument('[file]', 'JSON file with the contract, - for stdin')
    .option('--workflow <name>', 'a workflow')
    .option('--todo <list>', 'plugins: "A;B|C" runs A, then B and C in parallel', readTodo)
    .action(
      action(
        setExitCode,
        async ({ api, terminal }, options: PutOptions, clientId: string, file?: string) => {
          const content = file === undefined ? contractOf(options) : await readInput(file);
          if (file !== undefined && Object.keys(options).length > 0) {
            throw new UsageError(
              'give the contract in a file or with --workflow or --todo: exactly one of them',
            );
          }
          const { body } = await api.put<ClientView>(paths.client(clientId), {
            body: content,
            mediaType: 'application/json',
          });
          terminal.result(body, () => `${clientId}: ${describe(body)}`);
          return undefined;
        },
      ),
    );
  clients
    .command('get')
    .description("show what a client's orders run")
    .argument('<clientId>')
    .action(
      action(setExitCode, async ({ api, terminal }, _: object, clientId: string) => {
        const contract = await api.get<ClientView>(paths.client(clientId));
        terminal.result(contract, () => `${clientId}: ${describe(contract)}`);
        return undefined;
      }),
    );
  addClientTokens(clients, setExitCode);
};

function contractOf({ workflow, todo }: PutOptions): string | Uint8Array {
  if ((workflow === undefined) === (todo === undefined)) {
    throw new UsageError(
      'give the contract in a file or with --workflow or --todo: exactly one of them',
    );
  }
  return json(workflow === undefined ? { todo } : { workflow }).body;
}

function describe(contract: ClientView): string {
  return 'workflow' in contract
    ? `workflow ${contract.workflow}`
    : `todo ${writeTodo(contract.todo)}`;
}
