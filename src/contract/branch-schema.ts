import * as z from 'zod';

/** What branches hold: steps of a stage, or activities. */
type Held = 'steps' | 'activities';

export const MOST_BRANCHES = 50;

export const CHOOSE =
  'the first branch whose `when` is true is taken, and no other; none, if none is true and there is no `otherwise`';

export const OTHERWISE =
  'what is done if no other branch was taken; the last branch only, and all that it says';

export const whenOfBranch = z.string().min(1).optional().meta({
  description: 'JSONata: the branch is taken if this is `true`, and none before it was',
});

/** A branch has a `when` and what it holds, or an `otherwise`. */
export function refuseHalfBranch(held: Held) {
  return (branch: { readonly [field: string]: unknown }, context: z.RefinementCtx): void => {
    const { when, otherwise } = branch;
    const refuse = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message });
    if (otherwise !== undefined) {
      if (when !== undefined) refuse('when', 'a branch has `when` or `otherwise`, not both');
      if (branch[held] !== undefined) refuse(held, `the ${held} of an \`otherwise\` stand there`);
      return;
    }
    if (when === undefined)
      refuse('when', `a branch has \`when\` and \`${held}\`, or \`otherwise\``);
    if (branch[held] === undefined) refuse(held, `a branch with a \`when\` has \`${held}\``);
  };
}

/** The same for the JSON Schema. */
export function branchForm(held: Held) {
  return {
    allOf: [
      {
        oneOf: [
          { ...has('when', held), not: has('otherwise') },
          { ...has('otherwise'), not: { anyOf: [has('when'), has(held)] } },
        ],
      },
    ],
  };
}

function has(...fields: readonly string[]) {
  return { required: fields, properties: Object.fromEntries(fields.map((field) => [field, {}])) };
}

export function refuseEarlyOtherwise(
  branches: readonly { readonly otherwise?: unknown }[],
  context: z.RefinementCtx,
): void {
  branches.slice(0, -1).forEach(({ otherwise }, index) => {
    if (otherwise === undefined) return;
    const message = '`otherwise` stands once, and last';
    context.addIssue({ code: 'custom', path: [index, 'otherwise'], message });
  });
}
