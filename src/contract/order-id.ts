import * as z from 'zod/mini';

/** An id that whoever places an order may choose. */
export const ownOrderIdSchema = z
  .string()
  .check(
    z.regex(
      /^[A-Za-z0-9][A-Za-z0-9_:-]{0,63}$/,
      'an order id has 1 to 64 letters, digits, "-", "_" or ":"',
    ),
    z.meta({ id: 'OwnOrderId', description: '1 to 64 letters, digits, `-`, `_` or `:`' }),
  );

/** The id of a child order is its parent's, and its task's. Ten orders may stand above one (MOST_DEPTH); the eleventh has its id when it is refused. */
export const orderIdSchema = z.string().check(
  z.regex(
    /^[A-Za-z0-9][A-Za-z0-9_:-]{0,63}(~t\d{1,9}(~\d{1,9})?){0,11}$/,
    'an order id has 1 to 64 letters, digits, "-", "_" or ":"; that of a child order goes on with its task, such as "~t3"',
  ),
  z.meta({
    id: 'OrderId',
    description:
      "1 to 64 letters, digits, `-`, `_` or `:`; of a child order: its parent's id, and its task's, such as `abc~t3`",
  }),
);
