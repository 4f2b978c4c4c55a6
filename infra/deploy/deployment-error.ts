/** Something that whoever deploys can mend: one line, no stack trace. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}
