/**
 * The parts of fauxqs 2.4.1 that its package does not export, typed as far as we touch them.
 * fauxqs is pinned exactly; they are reached by file path, which its `exports` map does not limit.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { buildApp as build } from 'fauxqs';

export interface Message {
  messageId: string;
  messageAttributes: Record<string, unknown>;
  sentTimestamp: number;
  delayUntil?: number;
  approximateReceiveCount: number;
}

export interface PollWaiter {
  timer: NodeJS.Timeout;
  resolve: () => void;
}

export interface Queue {
  name: string;
  url: string;
  persistence: Persistence | undefined;
  messages: Message[];
  inflightMessages: Map<string, { message: Message }>;
  fifoMessages: Map<string, Message[]>;
  pollWaiters: PollWaiter[];
  isFifo(): boolean;
  processTimers(): void;
  getAttribute(name: string): string | undefined;
  enqueue(message: Message): void;
  /** Whether there was one to delete. */
  deleteMessage(receiptHandle: string): boolean;
  notifyWaiters(): void;
  waitForMessages(seconds: number): Promise<void>;
}

export interface QueueStore {
  /** Unset, queue URLs carry the host of the request instead of `sqs.<region>.localhost`. */
  host: string | undefined;
  region: string;
  persistence: Persistence | undefined;
  queues: Map<string, Queue>;
  getQueue(url: string): Queue | undefined;
}

export interface TopicStore {
  region: string;
  persistence: Persistence | undefined;
}

export interface ObjectStore {
  persistence: Persistence | undefined;
}

export interface Persistence {
  db: {
    exec(sql: string): void;
    prepare(sql: string): { run(...values: unknown[]): unknown };
  };
  load(queues: QueueStore, topics: TopicStore, objects: ObjectStore): void;
  /** Whatever the function writes is one write, and all or nothing of it. It may not wait. */
  transaction(write: () => void): void;
  close(): void;
  updateMessageReady(messageId: string): void;
}

/** An action of SQS takes JSON, one of SNS a flat form; both are plain objects. */
export type ActionInput = Record<string, unknown>;
export type SqsAction = (input: ActionInput, store: QueueStore, request: FastifyRequest) => unknown;
export type SnsAction = (
  input: Record<string, string>,
  topics: TopicStore,
  queues: QueueStore,
  request: FastifyRequest,
) => unknown;

interface Router<Action> {
  register(action: string, handler: Action): void;
}

type Constructor<Instance, Parameters extends unknown[] = []> = {
  new (...parameters: Parameters): Instance;
  prototype: Instance;
};

const dist = new URL('./', import.meta.resolve('fauxqs'));
const load = (path: string) => import(new URL(path, dist).href);
const [sqsTypes, sqsStore, snsStore, s3Store, persistence, sqsRouter, snsRouter, errors] =
  await Promise.all([
    load('sqs/sqsTypes.js'),
    load('sqs/sqsStore.js'),
    load('sns/snsStore.js'),
    load('s3/s3Store.js'),
    load('persistence.js'),
    load('sqs/sqsRouter.js'),
    load('sns/snsRouter.js'),
    load('common/errors.js'),
  ]);

/** What a message's body may not hold. */
export const INVALID_MESSAGE_BODY_CHAR: RegExp = sqsTypes.INVALID_MESSAGE_BODY_CHAR;
export const SqsStore: Constructor<QueueStore> = sqsStore.SqsStore;
export const SqsQueue: Constructor<Queue> = sqsStore.SqsQueue;
export const SnsStore: Constructor<TopicStore> = snsStore.SnsStore;
export const S3Store: Constructor<ObjectStore> = s3Store.S3Store;
export const PersistenceManager: Constructor<Persistence, [folder: string]> =
  persistence.PersistenceManager;
export const SqsRouter: Constructor<Router<SqsAction>> = sqsRouter.SqsRouter;
export const SnsRouter: Constructor<Router<SnsAction>> = snsRouter.SnsRouter;
export const SqsError: Constructor<Error, [code: string, message: string]> = errors.SqsError;
export const SnsError: Constructor<Error, [code: string, message: string]> = errors.SnsError;

/** Builds the HTTP server around stores that we made and loaded ourselves. */
export function buildServer(
  region: string,
  stores: { sqsStore: QueueStore; snsStore: TopicStore; s3Store: ObjectStore },
): FastifyInstance {
  return build({ logger: false, defaultRegion: region, stores: stores as never }) as never;
}
