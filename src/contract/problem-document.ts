import * as z from 'zod';
import type { ProblemCode, ProblemDetail, ProblemDocument } from './problem.ts';
import { PROBLEMS } from './problem.ts';

export const problemCodeSchema = z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]);

const path = z
  .string()
  .meta({ description: 'where in the request, as people write it: `activities[0].post[1].retry`' })
  .exactOptional();
const line = z.int().meta({ description: 'where in a text, from 1' }).exactOptional();

const detailSchema = z.strictObject({
  path,
  line,
  message: z.string().meta({ description: 'what is wrong' }),
}) satisfies z.ZodType<ProblemDetail>;

export const problemSchema = z
  .strictObject({
    type: z
      .string()
      .meta({ description: 'the code as a URN', example: 'urn:baton:problem:INVALID_REQUEST' }),
    title: z.string().meta({ description: 'what the code means' }),
    status: z.int().meta({ description: 'the HTTP status' }),
    code: problemCodeSchema.meta({ description: 'stable, for programs' }),
    detail: z.string().meta({ description: 'what is wrong with this request, for people' }),
    path,
    line,
    errors: z
      .array(detailSchema)
      .meta({ description: 'all that is wrong, where it is more than one thing; 50 at most' })
      .exactOptional(),
  })
  .meta({ id: 'Problem' }) satisfies z.ZodType<ProblemDocument>;

export const gatewayErrorSchema = z
  .strictObject({
    message: z.string().nullable().meta({ description: 'such as Unauthorized or Forbidden' }),
  })
  .meta({
    id: 'GatewayError',
    description: 'what API Gateway itself says, where it refuses a call before Baton is asked',
  });
