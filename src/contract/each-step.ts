/** Visits the activities of a definition and the choices among them, also of one that is not checked yet; `path` is where an item stands. */
export function eachItem(body: unknown, visit: (item: object, path: string) => void): void {
  const { activities } = (body ?? {}) as { activities?: unknown };
  visitNested(activities, 'activities', 'activities', visit);
}

/** Visits the steps of a definition and those of their branches, also of one that is not checked yet; `path` is where a step stands. */
export function eachStep(body: unknown, visit: (step: object, path: string) => void): void {
  eachItem(body, (activity, where) => {
    const { pre, parallel, post, onFailure } = activity as Record<string, unknown>;
    const caught = (onFailure as { plugins?: unknown } | null | undefined)?.plugins;
    const stages = { pre, parallel, post, 'onFailure.plugins': caught };
    for (const [stage, steps] of Object.entries(stages)) {
      visitNested(steps, `${where}.${stage}`, 'steps', visit);
    }
  });
}

/**
 * Visits what stands in a list, and in the branches of each choice there.
 * @param field under which a branch holds its own
 */
function visitNested(
  list: unknown,
  where: string,
  field: 'activities' | 'steps',
  visit: (one: object, path: string) => void,
): void {
  if (!Array.isArray(list)) return;
  list.forEach((one: unknown, at) => {
    if (typeof one !== 'object' || one === null) return;
    const path = `${where}[${at}]`;
    visit(one, path);
    const { choose } = one as { choose?: unknown };
    if (!Array.isArray(choose)) return;
    choose.forEach((branch: unknown, index) => {
      const { [field]: own, otherwise } = (branch ?? {}) as Record<string, unknown>;
      visitNested(own, `${path}.choose[${index}].${field}`, field, visit);
      visitNested(otherwise, `${path}.choose[${index}].otherwise`, field, visit);
    });
  });
}
