"""Without this, a stack does not see that a value in the Parameter Store has changed: an update compares the templates' text
("the parameter shows the new value, the resource keeps the old one"), and DescribeStacks shows the value in place of the name.

Here an update changes, as CloudFormation does, also what refers to a parameter with another value, and what refers to a custom resource
that changes with it; and a parameter that is not in the store fails the deployment by its name."""

import json
import re
from typing import Any

from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.models import Stack
from moto.cloudformation.parsing import ResourceMap

STORED = "AWS::SSM::Parameter::Value<"


def apply() -> None:
    parse_ssm_parameter = ResourceMap.parse_ssm_parameter
    build_resource_diff = ResourceMap.build_resource_diff

    def parse_or_refuse(resources: ResourceMap, value: str, value_type: str) -> Any:
        try:
            return parse_ssm_parameter(resources, value, value_type)
        except AttributeError:
            raise ValidationError(message=f"Unable to fetch parameters [{value}] from parameter store for this account.") from None

    def diff_with_values(resources: ResourceMap, template: dict[str, Any], parameters: dict[str, Any] | None = None) -> dict[str, Any]:
        actions = build_resource_diff(resources, template, parameters)
        changed = {
            name
            for name, slot in template.get("Parameters", {}).items()
            if slot["Type"].startswith(STORED)
            and resources.resolved_parameters.get(name) != parse_or_refuse(resources, slot["Default"], slot["Type"])
        }
        modified = set(actions["Modify"])
        for name in _in_order(template["Resources"]):
            if name not in actions["Add"] and _references(template["Resources"][name]) & changed:
                modified.add(name)
            if name in modified and template["Resources"][name]["Type"].startswith("Custom::"):
                changed.add(name)
        return {**actions, "Modify": [name for name in _in_order(template["Resources"]) if name in modified]}

    def parameter_list(stack: Stack) -> list[dict[str, Any]]:
        slots = stack.template_dict.get("Parameters", {})
        return [
            {"ParameterKey": name, "ParameterValue": slots[name]["Default"], "ResolvedValue": value}
            if slots[name]["Type"].startswith(STORED)
            else {"ParameterKey": name, "ParameterValue": value}
            for name, value in stack.resource_map.resolved_parameters.items()
        ]

    ResourceMap.parse_ssm_parameter = parse_or_refuse
    ResourceMap.build_resource_diff = diff_with_values
    Stack.parameter_list = property(parameter_list)


def _references(declaration: dict[str, Any]) -> set[str]:
    text = json.dumps(declaration)
    named = re.findall(r'"Ref": "(\w+)"|"Fn::GetAtt": \["(\w+)"|\$\{(\w+)[.}]', text)
    return {name for names in named for name in names if name}


def _in_order(declarations: dict[str, Any]) -> list[str]:
    """Each after all that it refers to."""
    ordered: list[str] = []

    def visit(name: str) -> None:
        if name in ordered or name not in declarations or name in visiting:
            return
        visiting.add(name)
        depends = declarations[name].get("DependsOn", [])
        for other in sorted(_references(declarations[name]) | set([depends] if isinstance(depends, str) else depends)):
            visit(other)
        ordered.append(name)

    visiting: set[str] = set()
    for name in declarations:
        visit(name)
    return ordered
