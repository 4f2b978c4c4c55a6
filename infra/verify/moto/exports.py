"""Without this, DeleteStack fails for a stack whose exports an update has renamed: moto never heard of the new names
("KeyError: 'baton-dev-deployment-bucket'")."""

from moto.cloudformation.models import CloudFormationBackend


def apply() -> None:
    delete_stack = CloudFormationBackend.delete_stack

    def delete_with_exports(backend: CloudFormationBackend, name_or_stack_id: str) -> None:
        for stack in backend.stacks.values():
            if name_or_stack_id in (stack.name, stack.stack_id):
                for export in stack.exports:
                    backend.exports.setdefault(export.name, export)
        delete_stack(backend, name_or_stack_id)

    CloudFormationBackend.delete_stack = delete_with_exports
