"""Without this, a stack forgets a resource that an update changes and moto cannot update: a log group whose retention changes stays when
its stack is removed, and the next stack fails with "The specified log group already exists", in JSON where CloudFormation answers in XML.

Here the stack keeps such a resource, and a log group gets its new retention."""

from typing import Any

from moto.cloudformation import parsing
from moto.logs.models import LogGroup


def apply() -> None:
    update = parsing.parse_and_update_resource

    def update_or_keep(logical_id: str, resource_json: dict[str, Any], resources_map: Any, *place: Any, **places: Any) -> Any:
        kept = resources_map[logical_id]
        updated = update(logical_id, resource_json, resources_map, *place, **places)
        if updated is not None:
            return updated
        if isinstance(kept, LogGroup):
            kept.retention_in_days = resource_json["Properties"].get("RetentionInDays")
        return kept

    parsing.parse_and_update_resource = update_or_keep
