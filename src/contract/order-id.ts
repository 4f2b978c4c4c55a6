import * as z from 'zod/mini';

export const orderIdSchema = z
  .string()
  .check(
    z.regex(
      /^[A-Za-z0-9][A-Za-z0-9_:-]{0,63}$/,
      'an order id has 1 to 64 letters, digits, "-", "_" or ":"',
    ),
    z.meta({ id: 'OrderId', description: '1 to 64 letters, digits, `-`, `_` or `:`' }),
  );
