"""Without this, moto lets every caller do everything.

Here each call of a function is checked against the policies of the function's role, with the resource that the call names. A
refused call gets AWS's error, and is printed on a line that begins with REFUSED; each other call on a line that begins with CALLED."""

import json
import re
import sys
from fnmatch import fnmatchcase
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote

from endpoint import REGION
from moto.awslambda.models import LambdaFunction, lambda_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.models import iam_backends

PREFIX = "FUNCTION."
CREDENTIAL = re.compile(rf"Credential={re.escape(PREFIX)}([^/]+)/\d+/[^/]+/([^/]+)/")

EQUALS = re.compile(r"(#?\w+)\s*=\s*(:\w+)")

# A batch needs the permission of the single call, and the head of an object that of reading it.
PERMISSION_OF = {
    "SendMessageBatch": "SendMessage",
    "DeleteMessageBatch": "DeleteMessage",
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
    "PublishBatch": "Publish",
}
# Services whose actions have another prefix than the name in a request's signature.
ACTIONS_OF = {"monitoring": "cloudwatch"}

INVOCATION = re.compile(r"^/2015-03-31/functions/([^/]+)/invocations$")
MAPPINGS = re.compile(r"^/2015-03-31/event-source-mappings/?([^/]*)/?$")
MAPPING_OPERATION_OF = {"GET": "GetEventSourceMapping", "PUT": "UpdateEventSourceMapping"}

OBJECT_PERMISSION_OF = {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "DELETE": "DeleteObject"}


def access_key_of(function: LambdaFunction) -> str:
    return f"{PREFIX}{function.function_name}"


class Call(NamedTuple):
    """A request in the terms of policies: action, resources, conditions."""

    action: str
    resources: list[str]
    # The values of condition keys.
    context: dict[str, list[str]] = {}


class Guard:
    """Checks each request before the server gets it."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        caller = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
        if caller is None:
            return self._application(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        function_name, service = caller.groups()
        call = _call(service, environ, body)
        refused = [resource for resource in call.resources if not _may(function_name, call, resource)]
        if not refused:
            print(f"CALLED {function_name}: {call.action} on {', '.join(call.resources)}", file=sys.stderr, flush=True)
            return self._application(environ, start_response)
        print(f"REFUSED {function_name}: {call.action} on {refused[0]}", file=sys.stderr, flush=True)
        message = f"{function_name} is not authorized to perform: {call.action} on resource: {refused[0]}"
        start_response("403 Forbidden", [("Content-Type", "application/x-amz-json-1.0")])
        return [json.dumps({"__type": "AccessDeniedException", "message": message}).encode()]


def _call(service: str, environ: dict[str, Any], body: bytes) -> Call:
    method, path = environ["REQUEST_METHOD"], unquote(environ["PATH_INFO"])
    if service == "s3":
        return Call(f"s3:{OBJECT_PERMISSION_OF.get(method, method)}", [f"arn:aws:s3:::{path.strip('/')}"])
    if service == "lambda":
        return _lambda_call(method, path)
    parameters: dict[str, Any] = {}
    if "HTTP_X_AMZ_TARGET" in environ:
        parameters = json.loads(body or b"{}")
        operation = environ["HTTP_X_AMZ_TARGET"].split(".")[-1]
    elif "/operation/" in path:
        operation = path.split("/")[-1]
    else:
        parameters = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        operation = parameters.get("Action", f"{method} {path}")
    action = f"{ACTIONS_OF.get(service, service)}:{PERMISSION_OF.get(operation, operation)}"
    context = {"dynamodb:LeadingKeys": _partitions_of(parameters)} if service == "dynamodb" else {}
    return Call(action, _resources_of(service, parameters), context)


def _lambda_call(method: str, path: str) -> Call:
    arn = f"arn:aws:lambda:{REGION}:{DEFAULT_ACCOUNT_ID}"
    invocation = INVOCATION.match(path)
    if invocation is not None:
        return Call("lambda:InvokeFunction", [f"{arn}:function:{invocation[1]}"])
    match = MAPPINGS.match(path)
    if match is None:
        return Call(f"lambda:{method} {path}", ["*"])
    uuid = match[1]
    if uuid == "":
        return Call("lambda:ListEventSourceMappings", ["*"])
    mapping = lambda_backends[DEFAULT_ACCOUNT_ID][REGION].get_event_source_mapping(uuid)
    return Call(
        f"lambda:{MAPPING_OPERATION_OF.get(method, method)}",
        [f"{arn}:event-source-mapping:{uuid}"],
        {"lambda:FunctionArn": [mapping.function_arn]} if mapping else {},
    )


def _partitions_of(parameters: dict[str, Any]) -> list[str]:
    """The values of the table's partition key, pk, in a request to DynamoDB."""
    items = [parameters[name] for name in ("Item", "Key") if name in parameters]
    items += [key for table in parameters.get("RequestItems", {}).values() for key in table.get("Keys", [])]
    partitions = [item["pk"]["S"] for item in items if "pk" in item]
    names, values = (parameters.get(f"ExpressionAttribute{kind}", {}) for kind in ("Names", "Values"))
    for name, value in EQUALS.findall(parameters.get("KeyConditionExpression", "")):
        if names.get(name, name) == "pk":
            partitions.append(values[value]["S"])
    return partitions


def _resources_of(service: str, parameters: dict[str, Any]) -> list[str]:
    arn = f"arn:aws:{service}:{REGION}:{DEFAULT_ACCOUNT_ID}"
    if service == "sqs":
        return [f"{arn}:{parameters['QueueUrl'].split('/')[-1]}"] if "QueueUrl" in parameters else ["*"]
    if service == "sns":
        return [parameters.get("TopicArn", "*")]
    if service == "dynamodb":
        tables = [parameters["TableName"]] if "TableName" in parameters else list(parameters.get("RequestItems", ["*"]))
        index = f"/index/{parameters['IndexName']}" if "IndexName" in parameters else ""
        return [f"{arn}:table/{table.split('/')[-1]}{index}" for table in tables]
    return ["*"]


def _may(function_name: str, call: Call, resource: str) -> bool:
    function = lambda_backends[DEFAULT_ACCOUNT_ID][REGION].get_function(function_name)
    iam = iam_backends[DEFAULT_ACCOUNT_ID]["aws"]
    role = iam.get_role_by_arn(function.role)
    documents = [iam.get_role_policy(role.name, name)[1] for name in iam.list_role_policies(role.name)]
    policies = [IAMPolicy(json.dumps(_as_far_as_it_applies(document, call.context))) for document in documents]
    results = [policy.is_action_permitted(call.action, resource) for policy in policies]
    return PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results


def _as_far_as_it_applies(document: Any, context: dict[str, list[str]]) -> dict[str, Any]:
    """The policy, with only the statements whose conditions hold."""
    # A policy from CloudFormation is not text yet.
    policy = json.loads(document) if isinstance(document, str) else document
    statements = [
        {key: value for key, value in statement.items() if key != "Condition"}
        for statement in policy["Statement"]
        if all(
            _holds(operator, context.get(key, []), expected if isinstance(expected, list) else [expected])
            for operator, keys in statement.get("Condition", {}).items()
            for key, expected in keys.items()
        )
    ]
    return {**policy, "Statement": statements}


def _holds(operator: str, values: list[str], expected: list[str]) -> bool:
    """An operator that is not known here is an error: as an Allow it would refuse, but as a Deny it would let pass."""
    if operator == "ArnLike":
        return any(_is_like(value, pattern) for value in values for pattern in expected)
    if operator == "ForAllValues:StringLike":
        return all(any(_is_like(value, pattern) for pattern in expected) for value in values)
    if operator == "Null":
        return all((str(one).lower() == "true") == (not values) for one in expected)
    raise NotImplementedError(f"the condition operator {operator}")


def _is_like(value: str, pattern: str) -> bool:
    """As IAM compares: * and ? only."""
    return fnmatchcase(value, pattern.replace("[", "[[]"))
