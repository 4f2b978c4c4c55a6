/** An error that the person who deploys can mend: it is shown on one line, without a stack trace. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}
