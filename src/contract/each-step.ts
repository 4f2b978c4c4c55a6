/** Visits the steps of a definition and those of their branches, also of one that is not checked yet; `path` is where a step stands. */
export function eachStep(body: unknown, visit: (step: object, path: string) => void): void {
  const activities = (body as { activities?: unknown } | null)?.activities;
  if (!Array.isArray(activities)) return;
  activities.forEach((activity: unknown, index) => {
    const { pre, parallel, post, onFailure } = (activity ?? {}) as Record<string, unknown>;
    const caught = (onFailure as { plugins?: unknown } | null | undefined)?.plugins;
    const stages = { pre, parallel, post, 'onFailure.plugins': caught };
    for (const [stage, steps] of Object.entries(stages)) {
      visitAll(steps, `activities[${index}].${stage}`, visit);
    }
  });
}

function visitAll(steps: unknown, where: string, visit: (step: object, path: string) => void) {
  if (!Array.isArray(steps)) return;
  steps.forEach((step: unknown, at) => {
    if (typeof step !== 'object' || step === null) return;
    const path = `${where}[${at}]`;
    visit(step, path);
    const { choose } = step as { choose?: unknown };
    if (!Array.isArray(choose)) return;
    choose.forEach((branch: unknown, index) => {
      const { steps: own, otherwise } = (branch ?? {}) as Record<string, unknown>;
      visitAll(own, `${path}.choose[${index}].steps`, visit);
      visitAll(otherwise, `${path}.choose[${index}].otherwise`, visit);
    });
  });
}
