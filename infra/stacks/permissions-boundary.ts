/** The ARN of a managed policy. */
const POLICY_ARN = /^arn:[\w-]+:iam::(\d{12}|aws):policy\/.+$/;

/** A role's resource, as far as it is read here. */
interface RoleResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** What is wrong with the parameter `permissions-boundary`; nothing if it is empty or the ARN of a policy. */
export function reasonAgainstBoundary(boundary: string): string | undefined {
  if (boundary === '' || POLICY_ARN.test(boundary)) return undefined;
  return `permissions-boundary: "${boundary}" is not the ARN of a policy, such as arn:aws:iam::123456789012:policy/boundary`;
}

/**
 * The resources, with each role bounded by the policy: it may do nothing that the policy does not allow, whatever its statements say. An
 * account can so let teams make roles. A role that names a boundary of its own keeps it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function bounded<Resource extends RoleResource>(
  resources: Readonly<Record<string, Resource>>,
  boundary: string,
): Record<string, Resource> {
  const entries = Object.entries(resources).map(([id, resource]) => {
    if (boundary === '' || resource.Type !== 'AWS::IAM::Role') return [id, resource] as const;
    const Properties = { PermissionsBoundary: boundary, ...resource.Properties };
    return [id, { ...resource, Properties }] as const;
  });
  return Object.fromEntries(entries);
}
