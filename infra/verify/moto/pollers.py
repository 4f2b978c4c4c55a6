"""Without this, moto invokes a mapping's function inside the caller's SendMessage, one message at a time, without its
attributes and without regard to ReportBatchItemFailures.

Here mappings poll as Lambda's do: batches of up to BatchSize, at most MaximumConcurrency batches at once; the messages of a batch that
did not fail are deleted."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from endpoint import REGION, Endpoint
from moto.awslambda.models import EventSourceMapping, lambda_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sqs.models import Queue, sqs_backends
from queue_urls import url_of

POLL_SECONDS = 0.05

# The concurrency that Lambda's pollers start with, for mappings without MaximumConcurrency.
DEFAULT_CONCURRENCY = 5


def apply(endpoint: Endpoint) -> None:
    Queue.lambda_event_source_mappings = property(lambda queue: {}, lambda queue, value: None)
    threading.Thread(target=_poll, args=(endpoint,), daemon=True).start()


def _poll(endpoint: Endpoint) -> None:
    executor = ThreadPoolExecutor(max_workers=16)
    under_way: dict[str, int] = {}
    while True:
        for mapping in list(lambda_backends[DEFAULT_ACCOUNT_ID][REGION]._event_source_mappings.values()):
            if not mapping.enabled or under_way.get(mapping.uuid, 0) >= _concurrency_of(mapping):
                continue
            batch = _receive(endpoint, mapping)
            if batch:
                under_way[mapping.uuid] = under_way.get(mapping.uuid, 0) + 1
                done = executor.submit(_process, endpoint, mapping, batch)
                done.add_done_callback(lambda _, uuid=mapping.uuid: _leave(under_way, uuid))
        time.sleep(POLL_SECONDS)


def _leave(under_way: dict[str, int], uuid: str) -> None:
    under_way[uuid] -= 1


def _concurrency_of(mapping: EventSourceMapping) -> int:
    return int((mapping.scaling_config or {}).get("MaximumConcurrency", DEFAULT_CONCURRENCY))


def _queue_of(mapping: EventSourceMapping) -> Any:
    name = mapping.event_source_arn.split(":")[-1]
    return sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues.get(name)


def _receive(endpoint: Endpoint, mapping: EventSourceMapping) -> list[dict[str, Any]]:
    queue = _queue_of(mapping)
    if queue is None or queue.approximate_number_of_messages == 0:
        return []
    return (
        endpoint.client("sqs")
        .receive_message(
            QueueUrl=url_of(endpoint, queue),
            MaxNumberOfMessages=min(10, mapping.batch_size),
            WaitTimeSeconds=0,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        )
        .get("Messages", [])
    )


def _process(endpoint: Endpoint, mapping: EventSourceMapping, batch: list[dict[str, Any]]) -> None:
    event = {"Records": [_record(mapping, message) for message in batch]}
    response = endpoint.client("lambda").invoke(FunctionName=mapping.function_arn, Payload=json.dumps(event))
    if "FunctionError" in response:
        return
    result = json.loads(response["Payload"].read() or b"null") or {}
    failed = {item["itemIdentifier"] for item in result.get("batchItemFailures", [])}
    for message in batch:
        if message["MessageId"] not in failed:
            endpoint.client("sqs").delete_message(
                QueueUrl=url_of(endpoint, _queue_of(mapping)), ReceiptHandle=message["ReceiptHandle"]
            )


def _record(mapping: EventSourceMapping, message: dict[str, Any]) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "md5OfBody": message["MD5OfBody"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {
            name: {"dataType": value["DataType"], "stringValue": value.get("StringValue")}
            for name, value in message.get("MessageAttributes", {}).items()
        },
        "eventSource": "aws:sqs",
        "eventSourceARN": mapping.event_source_arn,
        "awsRegion": REGION,
    }
