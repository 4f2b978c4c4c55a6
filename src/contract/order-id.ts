import * as z from 'zod/mini';

/** An id that whoever places an order may choose: none of a child order. */
export const ownOrderIdSchema = z.string().check(
  z.regex(
    /^(?!.*:t\d+(:\d+)?$)[A-Za-z0-9][A-Za-z0-9_:-]{0,63}$/,
    'an order id has 1 to 64 letters, digits, "-", "_" or ":", and does not end as that of a child order does, such as ":t3"',
  ),
  z.meta({
    id: 'OwnOrderId',
    description:
      '1 to 64 letters, digits, `-`, `_` or `:`, which do not end as the id of a child order does, such as `:t3`',
  }),
);

/** The id of a child order is its parent's, and its task's: `abc:t3`, and `abc:t3:2` in the second attempt. At most ten orders stand above one. */
export const orderIdSchema = z.string().check(
  z.regex(
    /^[A-Za-z0-9][A-Za-z0-9_:-]{0,63}(:t\d{1,9}(:\d{1,9})?){0,10}$/,
    'an order id has 1 to 64 letters, digits, "-", "_" or ":"; that of a child order, its parent\'s and its task\'s',
  ),
  z.meta({
    id: 'OrderId',
    description:
      "1 to 64 letters, digits, `-`, `_` or `:`; of a child order: its parent's id, and its task's, such as `abc:t3`",
  }),
);
