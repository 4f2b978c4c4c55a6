"""Without this, {{resolve:ssm:NAME}} stays unresolved in the resources."""

import re
from typing import Any

import moto.cloudformation.parsing as parsing
from moto.cloudformation.exceptions import ValidationError
from moto.ssm.models import ssm_backends

REFERENCE = re.compile(r"\{\{resolve:ssm:([^:}]+)(?::\d+)?\}\}")


def apply() -> None:
    clean_json = parsing.clean_json

    def clean_and_resolve(json: Any, resources: Any) -> Any:
        value = clean_json(json, resources)
        if not isinstance(value, str) or "{{resolve:" not in value:
            return value
        parameters = ssm_backends[resources["AWS::AccountId"]][resources["AWS::Region"]]

        def look_up(match: re.Match[str]) -> str:
            parameter = parameters.get_parameter(match[1])
            if parameter is None:
                raise ValidationError(message=f"SSM parameter {match[1]} does not exist")
            return parameter.value

        return REFERENCE.sub(look_up, value)

    # moto calls it by this name for every value of a template.
    parsing.clean_json = clean_and_resolve
