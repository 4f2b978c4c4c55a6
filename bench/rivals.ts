/**
 * What a million tasks cost elsewhere, by list prices and the assumptions that stand here: nothing of it was measured. Each
 * task is one Lambda invocation of the same length as in Baton's rows.
 */
import { INVOCATION, INVOCATION_DOLLARS } from './dollars.ts';
import type { OrderShape } from './orders.ts';
import { PRICES } from './prices.ts';

const { perMillion, perGb } = PRICES;

/** Billed in steps of this. A task is taken to last one: 20 ms of Lambda and the way there and back. */
const EXPRESS_STEP_SECONDS = 0.1;
const EXPRESS_GB = 64 / 1024;

/** With log level ALL and execution data, a task state logs that it is entered, scheduled, started, succeeded and exited. */
const LOG_LINES_A_TASK = 5;
const LOG_LINES_AN_EXECUTION = 2;
const LOG_LINE_BYTES = 500;

const BYTES_A_GB = 1e9;

/** A message is sent, received and deleted; under load, by tens. */
const REQUESTS_A_HOP = 3;
const FULL_BATCH = 10;

export interface Rivals {
  /** Step Functions, Standard: a transition for each task, and one to start. */
  readonly standard: number;
  /** Step Functions, Express, with logs, since without them nobody knows what became of an order. */
  readonly express: number;
  /** Lambda durable functions: an operation for each step and one to start, in one function. */
  readonly durable: number;
  /** Functions that send to each other's queue: no state, no joining of parallel tasks, no history. */
  readonly bareChain: number;
}

/** Dollars per million tasks. */
export function rivalsOf(shape: OrderShape, isSaturated: boolean): Rivals {
  const { tasks, parallel = false, payloadBytes } = shape;
  const perTask = (ofOrder: number) => ofOrder / tasks;
  const transitions = tasks + 1 + (parallel ? 1 : 0);

  const logLines = tasks * LOG_LINES_A_TASK + LOG_LINES_AN_EXECUTION;
  const logGb = (logLines * (LOG_LINE_BYTES + payloadBytes)) / BYTES_A_GB;
  const expressSeconds = (parallel ? 1 : tasks) * EXPRESS_STEP_SECONDS;
  const express =
    perMillion.expressRequests +
    expressSeconds * EXPRESS_GB * perMillion.expressGbSeconds +
    logGb * perGb.logs * 1e6;

  const stepSeconds = (INVOCATION.ms / 1000) * tasks;
  const durable =
    (tasks + 1) * perMillion.durableOperations +
    (((tasks + 1) * payloadBytes) / BYTES_A_GB) * perGb.durableData * 1e6 +
    perMillion.invocations +
    stepSeconds * (INVOCATION.megabytes / 1024) * perMillion.lambdaGbSeconds;

  const batch = isSaturated ? FULL_BATCH : 1;
  return {
    standard: perTask(transitions * perMillion.standardTransitions) + INVOCATION_DOLLARS,
    express: perTask(express) + INVOCATION_DOLLARS,
    durable: perTask(durable),
    bareChain: (REQUESTS_A_HOP * perMillion.sqsRequests + INVOCATION_DOLLARS) / batch,
  };
}
