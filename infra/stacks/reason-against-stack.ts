import type { DeployedStack } from './describe-stack.ts';

/** The tag that says whose a stack is: `<system>/<stage>`. The stack's name does not: `a-b` and `c` make the same one as `a` and `b-c`. */
export const OWNER_TAG = 'baton';

export function ownerTagOf(system: string, stage: string): string {
  return `${system}/${stage}`;
}

/**
 * Why a stack is not the one that is to be deployed or removed, although it has the name; nothing if it is, or if there is none. CloudFormation
 * would turn it into the other, or delete it.
 */
export function reasonAgainstStack(
  stackName: string,
  deployed: DeployedStack | undefined,
  { owner, isCore }: { readonly owner: string; readonly isCore: boolean },
): string | undefined {
  if (deployed === undefined) return undefined;
  const found = deployed.tags.get(OWNER_TAG);
  if (found?.includes('/') && found !== owner) {
    return `the stack ${stackName} is there already and belongs to ${found}, not to ${owner}: choose another system or stage`;
  }
  const isPlugins = deployed.lookedUp.size > 0;
  // A service of the same system may have an API of its own, and no plugin any more; the core's stack is called after the system alone.
  const isServices = found === owner && stackName !== owner.replace('/', '-');
  const isOtherCore = deployed.outputs.has('HttpApiId') && !isPlugins && !isServices;
  if (isCore && isPlugins) {
    return `the stack ${stackName} is there already and is that of a plugin service: choose another system or stage`;
  }
  if (!isCore && isOtherCore) {
    return `the stack ${stackName} is there already and is a core: rename the service`;
  }
  return undefined;
}
