"""Without this, moto lets every caller do everything.

Here each call that a function makes is held against the policies of the function's own role, with the resource that the
call names. What is refused is answered like AWS does, and printed as a line that begins with REFUSED; the rest as one that
begins with CALLED."""

import json
import re
import sys
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, unquote

from endpoint import REGION
from moto.awslambda.models import LambdaFunction, lambda_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.models import iam_backends

PREFIX = "FUNCTION."
CREDENTIAL = re.compile(rf"Credential={re.escape(PREFIX)}([^/]+)/\d+/[^/]+/([^/]+)/")

# A batch needs the permission of what it repeats, and an object's head that of reading it.
PERMISSION_OF = {
    "SendMessageBatch": "SendMessage",
    "DeleteMessageBatch": "DeleteMessage",
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
    "PublishBatch": "Publish",
}
OBJECT_PERMISSION_OF = {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "DELETE": "DeleteObject"}


def access_key_of(function: LambdaFunction) -> str:
    return f"{PREFIX}{function.function_name}"


class Guard:
    """Stands before the server."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        caller = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
        if caller is None:
            return self._application(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        function_name, service = caller.groups()
        action, resources = _what_is_asked(service, environ, body)
        refused = [resource for resource in resources if not _may(function_name, action, resource)]
        if not refused:
            print(f"CALLED {function_name}: {action} on {', '.join(resources)}", file=sys.stderr, flush=True)
            return self._application(environ, start_response)
        print(f"REFUSED {function_name}: {action} on {refused[0]}", file=sys.stderr, flush=True)
        message = f"{function_name} is not authorized to perform: {action} on resource: {refused[0]}"
        start_response("403 Forbidden", [("Content-Type", "application/x-amz-json-1.0")])
        return [json.dumps({"__type": "AccessDeniedException", "message": message}).encode()]


def _what_is_asked(service: str, environ: dict[str, Any], body: bytes) -> tuple[str, list[str]]:
    if service == "s3":
        key = unquote(environ["PATH_INFO"]).strip("/")
        return f"s3:{OBJECT_PERMISSION_OF.get(environ['REQUEST_METHOD'], 'Unknown')}", [f"arn:aws:s3:::{key}"]
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target is not None:
        parameters = json.loads(body or b"{}")
        operation = target.split(".")[-1]
    else:
        parameters = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        operation = parameters.get("Action", f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
    return f"{service}:{PERMISSION_OF.get(operation, operation)}", list(_resources_of(service, parameters))


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


def _may(function_name: str, action: str, resource: str) -> bool:
    function = lambda_backends[DEFAULT_ACCOUNT_ID][REGION].get_function(function_name)
    iam = iam_backends[DEFAULT_ACCOUNT_ID]["aws"]
    role = iam.get_role_by_arn(function.role)
    documents = [iam.get_role_policy(role.name, name)[1] for name in iam.list_role_policies(role.name)]
    # What CloudFormation put there is not text yet.
    policies = [IAMPolicy(document if isinstance(document, str) else json.dumps(document)) for document in documents]
    results = [policy.is_action_permitted(action, resource) for policy in policies]
    return PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results
