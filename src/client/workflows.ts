import { defined } from '../core/defined.ts';
import { type CallOptions, items, json, post, put, read } from './calls.ts';
import type { Connection } from './connection.ts';
import { NotJsonError } from './json-text.ts';
import type {
  NewWorkflow,
  Plan,
  PlanRequest,
  Workflow,
  WorkflowReceipt,
  WorkflowVersion,
} from './messages.ts';
import * as paths from './paths.ts';

/** `baton.workflows`: the definitions that orders run. */
export class Workflows {
  readonly #connection: Connection;

  /** Made by `Baton`. */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Stores a definition, as an object or as YAML text. If the latest version says the same, that one stays.
   * @throws {RefusedError} with every mistake, each with its line
   */
  async put(
    name: string,
    definition: NewWorkflow | string,
    options: CallOptions = {},
  ): Promise<WorkflowReceipt> {
    return put(this.#connection, paths.workflow(name), contentOf(definition), options);
  }

  /** Checks a definition as `put` does, and stores nothing. */
  async check(
    name: string,
    definition: NewWorkflow | string,
    options: CallOptions = {},
  ): Promise<WorkflowReceipt> {
    return put(this.#connection, paths.check(name), contentOf(definition), options);
  }

  /** A definition: its latest version, or the one that is asked for. @throws {RefusedError} NOT_FOUND */
  async get(
    name: string,
    { version, ...options }: CallOptions & { readonly version?: number } = {},
  ): Promise<Workflow> {
    return read(this.#connection, paths.workflow(name, version), options);
  }

  /** The latest version of each workflow, by name. */
  list(options: CallOptions = {}): AsyncGenerator<Workflow, void> {
    return items(this.#connection, '/workflows', 'workflows', options);
  }

  /** A workflow's versions, the newest first: when and by whom each was stored, and how many active orders have it. */
  versions(name: string, options: CallOptions = {}): AsyncGenerator<WorkflowVersion, void> {
    return items(this.#connection, paths.versions(name), 'versions', options);
  }

  /** Who would take part in an order with these attributes, with which input, and who would not and why. Nothing is stored. */
  async plan(name: string, order: PlanRequest = {}, options: CallOptions = {}): Promise<Plan> {
    return post(this.#connection, paths.plan(name), defined(order), 'order', options);
  }
}

function contentOf(definition: NewWorkflow | string) {
  if (typeof definition !== 'string') return json(definition, 'definition');
  if (definition.isWellFormed()) return { body: definition, mediaType: 'application/yaml' };
  throw new NotJsonError('definition holds half of a surrogate pair, which no text keeps');
}
