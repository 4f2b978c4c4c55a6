"""Without this, an invocation needs Docker ("Error while fetching server API version").

Here the deployed package is unpacked, and its handler runs in a process of its own, with the function's environment and timeout,
and with credentials that stand for its role (function_roles.py)."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from endpoint import REGION, Endpoint
from function_roles import access_key_of
from moto.awslambda.models import LambdaFunction
from moto.core.utils import iso_8601_datetime_with_nanoseconds

INVOKE = Path(__file__).with_name("invoke-handler.js")


def apply(endpoint: Endpoint, node: str, folder: str) -> None:
    def unpacked(function: LambdaFunction) -> Path:
        target = Path(folder) / f"{function.function_name}-{function.code_digest.split(':')[-1][:16]}"
        if not target.exists():
            with zipfile.ZipFile(BytesIO(function.code_bytes)) as package:
                package.extractall(target)
        return target

    def invoke(function: LambdaFunction, event: object = None) -> tuple[str, bool, str]:
        environment = {
            **function.environment_vars,
            "PATH": os.environ["PATH"],
            "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": access_key_of(function),
            "AWS_SECRET_ACCESS_KEY": "none",
            "AWS_SESSION_TOKEN": "none",
            "AWS_ENDPOINT_URL": endpoint.url,
        }
        process = subprocess.Popen(
            [node, str(INVOKE), str(unpacked(function)), function.handler],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            result, log = process.communicate(json.dumps(event).encode(), timeout=float(function.timeout))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return _error("Lambda.TimedOut", f"timed out after {function.timeout} s"), True, ""
        text = log.decode()
        for line in text.splitlines():
            print(f"{function.function_name}: {line}", file=sys.stderr, flush=True)
        if process.returncode != 0:
            return result.decode() or _error("Lambda.Exited", f"exit code {process.returncode}"), True, text
        return result.decode(), False, text

    LambdaFunction._invoke_lambda = invoke
    LambdaFunction.update_configuration = _dated(LambdaFunction.update_configuration)


def _dated(update: Callable[..., Any]) -> Callable[..., Any]:
    """Without this, LastModified stays as it was, and the deployment tool takes the change for one that failed."""

    def update_and_date(function: LambdaFunction, *arguments: Any) -> Any:
        function.last_modified = iso_8601_datetime_with_nanoseconds()
        return update(function, *arguments)

    return update_and_date


def _error(kind: str, message: str) -> str:
    return json.dumps({"errorType": kind, "errorMessage": message})
