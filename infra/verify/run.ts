/**
 * `npm run verify:deploy`: proves without an AWS account that the project deploys, and works when deployed. docs/verify.md says what
 * each step shows, and what none can show.
 */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { PROJECT } from './command.ts';
import { verifyDeployment } from './deployment-steps.ts';
import { lint } from './lint.ts';
import { verifyOnLocalStack } from './on-localstack.ts';
import { type Packaged, packageServices } from './package-services.ts';
import { pythonEnvironment } from './python-environment.ts';
import { Report } from './report.ts';
import { scan } from './scan.ts';
import { WorkingCopy } from './working-copy.ts';

/** The oldest Python 3 that the pinned packages support. */
const PYTHON_MINOR = 11;

const report = new Report();
let python = '';
let scanner = '';
let packaged: Packaged | undefined;

const installed = await report.step('Python: moto, cfn-lint and checkov', async () => {
  const tools = await pythonEnvironment('verify', 'infra/verify/requirements.txt', PYTHON_MINOR);
  const checkov = await pythonEnvironment(
    'scan',
    'infra/verify/requirements-scan.txt',
    PYTHON_MINOR,
  );
  python = tools.python;
  scanner = checkov.python;
  const seconds = (tools.installedInSeconds ?? 0) + (checkov.installedInSeconds ?? 0);
  return seconds > 0 ? `installed in ${seconds.toFixed(0)} s` : 'installed before';
});
if (installed) {
  const copy = await WorkingCopy.make();
  try {
    await report.step('package: core and every plugin service, for prod', async () => {
      packaged = await packageServices(copy);
      return packaged.lines;
    });
    const documented = path.join(PROJECT, 'docs/plugin-template.yml');
    await report.step('cfn-lint: every template', () =>
      lint(python, [...(packaged?.templates ?? []), documented]),
    );
    await report.step('security scan: every finding explained', () =>
      scan(scanner, packaged?.folder ?? ''),
    );
    await verifyDeployment(report, python, copy);
    // A new copy: the steps above have changed the first one.
    await verifyOnLocalStack(report, await WorkingCopy.make());
  } finally {
    await rm(path.join(PROJECT, '.baton/verify'), { recursive: true, force: true });
  }
}
process.exitCode = report.close();
