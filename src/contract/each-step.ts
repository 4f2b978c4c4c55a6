/** Visits the steps of a definition, also of one that is not checked yet; `path` is where a step stands. */
export function eachStep(body: unknown, visit: (step: object, path: string) => void): void {
  const activities = (body as { activities?: unknown } | null)?.activities;
  if (!Array.isArray(activities)) return;
  activities.forEach((activity: unknown, index) => {
    const { pre, parallel, post, onFailure } = (activity ?? {}) as Record<string, unknown>;
    const caught = (onFailure as { plugins?: unknown } | null | undefined)?.plugins;
    const stages = { pre, parallel, post, 'onFailure.plugins': caught };
    for (const [stage, steps] of Object.entries(stages)) {
      if (!Array.isArray(steps)) continue;
      steps.forEach((step: unknown, at) => {
        const path = `activities[${index}].${stage}[${at}]`;
        if (typeof step === 'object' && step !== null) visit(step, path);
      });
    }
  });
}
