import * as z from 'zod';
import type { HttpCall } from './http-call.ts';
import { BODY, NAMED } from './http-call.ts';
import * as requests from './requests.ts';
import { scheduleDefinitionSchema, scheduleNameSchema } from './schedule-definition.ts';
import { scheduleListSchema, scheduleSchema } from './schedule-responses.ts';

const params = z.object({ name: scheduleNameSchema });

/** Calls about schedules. */
export const SCHEDULE_CALLS: readonly HttpCall[] = [
  {
    method: 'GET',
    path: '/schedules',
    operationId: 'listSchedules',
    summary: 'Lists the schedules, by name',
    query: requests.pageQuerySchema,
    answers: { 200: scheduleListSchema },
    problems: ['INVALID_REQUEST'],
  },
  {
    method: 'PUT',
    path: '/schedules/{name}',
    operationId: 'putSchedule',
    summary:
      'Places orders by the clock, to the minute; put again, it keeps its runs, and stays paused if it was',
    params,
    body: { 'application/json': scheduleDefinitionSchema },
    answers: { 200: scheduleSchema, 201: scheduleSchema },
    problems: [...BODY, ...NAMED, 'UNKNOWN_CLIENT', 'UNAVAILABLE'],
  },
  {
    method: 'GET',
    path: '/schedules/{name}',
    operationId: 'getSchedule',
    summary: 'Shows a schedule with its latest runs and the next ones',
    params,
    answers: { 200: scheduleSchema },
    problems: ['NOT_FOUND'],
  },
  {
    method: 'DELETE',
    path: '/schedules/{name}',
    operationId: 'deleteSchedule',
    summary: 'Deletes a schedule; its orders go on',
    params,
    answers: { 200: scheduleSchema },
    problems: ['NOT_FOUND', 'UNAVAILABLE'],
  },
  act('pause', 'pauseSchedule', 'Places no orders until the schedule is resumed; its orders go on'),
  act(
    'resume',
    'resumeSchedule',
    'Goes on with the next run; those that came meanwhile do not take place',
  ),
];

function act(name: string, operationId: string, summary: string): HttpCall {
  return {
    ...{ method: 'POST', path: `/schedules/{name}/${name}`, operationId, summary, params },
    ...{ body: { 'application/json': requests.actRequestSchema }, bodyOptional: true },
    answers: { 200: scheduleSchema },
    problems: [...BODY, 'NOT_FOUND', 'UNAVAILABLE'],
  };
}
