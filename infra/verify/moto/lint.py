"""Without this, ValidateTemplate refuses a template at the first warning of cfn-lint, as if it were an error:
"Stack with id 'IngestRole' dependency already enforced by a 'GetAtt' ... does not exist". Here cfn-lint has its own step."""

import moto.cloudformation.models as cloudformation


def apply() -> None:
    cloudformation.validate_template_cfn_lint = lambda template: []
