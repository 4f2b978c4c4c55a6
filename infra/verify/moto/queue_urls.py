"""Without this, a Ref to a queue is its URL at sqs.us-east-1.amazonaws.com, and the SDK calls the host in a queue's URL."""

from endpoint import Endpoint
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sqs.models import Queue


def url_of(endpoint: Endpoint, queue: Queue) -> str:
    return f"{endpoint.url}/{DEFAULT_ACCOUNT_ID}/{queue.name}"


def apply(endpoint: Endpoint) -> None:
    Queue.physical_resource_id = property(lambda queue: url_of(endpoint, queue))
