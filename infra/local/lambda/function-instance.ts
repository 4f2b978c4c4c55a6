import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { FunctionDefinition } from './function-definition.ts';

/** Of V8's default, a third: there are dozens of instances in one process. */
const YOUNG_MEGABYTES = 16;

/**
 * Loading a function's module does not count towards its timeout, for up to this long.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
 */
const LOADING_MS = 10_000;

/** The invocation failed; the message says how, `errorType` as Lambda would. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError';
  readonly errorType: string;

  constructor(errorType: string, message: string) {
    super(message);
    this.errorType = errorType;
  }
}

type Message =
  | { loading: 'ended' }
  | { requestId: string; response: string }
  | {
      requestId: string;
      error: { errorType: string; errorMessage: string; stack: string };
      loaded: boolean;
    };

export interface InstanceEvents {
  /** Something that the function wrote, or that ended it. */
  output: (text: string) => void;
  /** The instance is gone; `reason` when it ended by itself and no invocation failed with that. */
  ended: (reason: string | undefined) => void;
}

/**
 * One instance of a function: a worker thread that takes one invocation at a time. Unlike serverless-offline's own
 * runner it notices when the function throws outside its promise or exits: the invocation fails at once, the
 * instance is gone, and the stack lives on.
 */
export class FunctionInstance {
  readonly #worker: Worker;
  readonly #definition: FunctionDefinition;
  readonly #events: InstanceEvents;
  /** Resolves when the module has loaded, has failed to, or has taken too long. */
  readonly #loading = Promise.withResolvers<void>();
  #current:
    | { requestId: string; resolve: (json: string) => void; reject: (e: Error) => void }
    | undefined;
  #ended = false;
  #failure: string | undefined;

  constructor(definition: FunctionDefinition, events: InstanceEvents) {
    this.#definition = definition;
    this.#events = events;
    const { file, exportName, environment, name, arn, memoryMegabytes } = definition;
    const logStreamName = `local/${randomUUID()}`;
    this.#worker = new Worker(new URL('./worker.js', import.meta.url), {
      env: { ...environment, AWS_LAMBDA_LOG_STREAM_NAME: logStreamName },
      // a machine's worth of memory each is what V8 would allow, and make use of before it collects anything
      resourceLimits: {
        maxOldGenerationSizeMb: memoryMegabytes,
        maxYoungGenerationSizeMb: YOUNG_MEGABYTES,
      },
      stdout: true,
      stderr: true,
      workerData: {
        file,
        exportName,
        functionContext: {
          functionName: name,
          functionVersion: '$LATEST',
          invokedFunctionArn: arn,
          memoryLimitInMB: String(memoryMegabytes),
          logGroupName: `/aws/lambda/${name}`,
          logStreamName,
        },
      },
    });
    for (const stream of [this.#worker.stdout, this.#worker.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => events.output(text));
    const tooLong = setTimeout(this.#loading.resolve, LOADING_MS);
    void this.#loading.promise.then(() => clearTimeout(tooLong));
    this.#worker.on('message', (message: Message) => {
      if ('loading' in message) this.#loading.resolve();
      else this.#answered(message);
    });
    this.#worker.on('error', (error) => {
      this.#failure = `uncaught ${error?.name ?? 'error'}: ${error?.message ?? error}`;
      events.output(`${error?.stack ?? error}\n`);
    });
    this.#worker.on('exit', (code) => this.#exited(code));
  }

  get alive(): boolean {
    return !this.#ended;
  }

  /** Runs the handler once. @throws {FunctionError} */
  async invoke(event: unknown): Promise<unknown> {
    const requestId = randomUUID();
    const { timeoutSeconds } = this.#definition;
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.#current = { requestId, resolve, reject };
    await this.#loading.promise;
    const timer = setTimeout(() => {
      reject(new FunctionError('Sandbox.Timedout', `timed out after ${timeoutSeconds} seconds`));
      void this.end();
    }, timeoutSeconds * 1000);
    // As text, as Lambda hands it over; to clone the objects of ten messages takes the stack longer.
    const text = JSON.stringify(event ?? null);
    this.#worker.postMessage({ requestId, text, deadline: Date.now() + timeoutSeconds * 1000 });
    try {
      return JSON.parse(await promise);
    } finally {
      clearTimeout(timer);
      this.#current = undefined;
    }
  }

  async end(): Promise<void> {
    this.#markEnded(undefined);
    await this.#worker.terminate();
  }

  #answered(answer: Exclude<Message, { loading: 'ended' }>): void {
    if (answer.requestId !== this.#current?.requestId) return;
    if ('response' in answer) {
      this.#current.resolve(answer.response);
      return;
    }
    const { errorType, errorMessage, stack } = answer.error;
    this.#events.output(`${stack}\n`);
    this.#current.reject(new FunctionError(errorType, errorMessage));
    // an instance whose module does not load is of no use
    if (!answer.loaded) void this.end();
  }

  #exited(code: number): void {
    const reason = this.#failure ?? `the process exited with code ${code}`;
    const current = this.#current;
    current?.reject(new FunctionError('Runtime.ExitError', reason));
    this.#markEnded(current ? undefined : reason);
  }

  #markEnded(reason: string | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#loading.resolve();
    this.#events.ended(reason);
  }
}
