"""Without this, DeleteStack deletes in any order and sometimes gives up ("Function not found: arn:aws:lambda:..."), and it
fails for a stack whose exports an update has renamed ("KeyError: 'baton-dev-deployment-bucket'").

Here, as in CloudFormation, a resource is deleted only after all that depend on it."""

from moto.cloudformation.models import CloudFormationBackend
from moto.cloudformation.parsing import ResourceMap


def apply() -> None:
    delete_stack = CloudFormationBackend.delete_stack

    def delete_with_exports(backend: CloudFormationBackend, name_or_stack_id: str) -> None:
        for stack in backend.stacks.values():
            if name_or_stack_id in (stack.name, stack.stack_id):
                for export in stack.exports:
                    backend.exports.setdefault(export.name, export)
        delete_stack(backend, name_or_stack_id)

    CloudFormationBackend.delete_stack = delete_with_exports
    ResourceMap.delete = _delete_in_order


def _delete_in_order(resources: ResourceMap) -> None:
    # In this list, a resource stands after all that it refers to.
    for logical_id, resource in reversed(list(resources._parsed_resources.items())):
        template = resources._resource_json_map.get(logical_id)
        if template is None or resource is None or isinstance(resource, str):
            continue
        if template.get("DeletionPolicy") != "Retain":
            resources._delete_resource(resource, template)
