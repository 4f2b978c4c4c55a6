"""Checks the behaviours of SQS, SNS, S3 and CloudWatch that Baton relies on: `python check_services.py URL`.

Prints one line for each behaviour; the exit code is 1 if one is missing."""

import json
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlparse

import boto3

URL = sys.argv[1]
DEADLINE_SECONDS = 20
RUN = uuid.uuid4().hex[:8]


def client(service: str) -> Any:
    return boto3.client(
        service, region_name="us-east-1", endpoint_url=URL, aws_access_key_id="test", aws_secret_access_key="test"
    )


sqs, sns, s3, cloudwatch = (client(name) for name in ("sqs", "sns", "s3", "cloudwatch"))
CHECKS: list[Callable[[], str]] = []


def check(function: Callable[[], str]) -> Callable[[], str]:
    CHECKS.append(function)
    return function


def queue(name: str, **attributes: str) -> tuple[str, str]:
    """Makes a queue. Returns its URL and ARN."""
    url = sqs.create_queue(QueueName=f"{name}-{RUN}", Attributes=attributes)["QueueUrl"]
    return url, sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def receive(url: str, seconds: float = DEADLINE_SECONDS) -> list[Any]:
    """Waits until the queue has messages. Returns them."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        messages = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1, MessageAttributeNames=["All"], AttributeNames=["All"]
        ).get("Messages", [])
        if messages:
            return messages
    return []


def expect(found: Any, expected: Any) -> None:
    if found != expected:
        raise AssertionError(f"{found!r} is not {expected!r}")


@check
def urls_of_queues_point_at_the_endpoint() -> str:
    url, _ = queue("url")
    expect(urlparse(url).netloc, urlparse(URL).netloc)
    expect(sqs.get_queue_url(QueueName=f"url-{RUN}")["QueueUrl"], url)
    return url.replace(RUN, "RUN")


@check
def a_topic_delivers_by_filter_raw_and_with_attributes() -> str:
    topic = sns.create_topic(Name=f"tasks-{RUN}")["TopicArn"]
    queues = {}
    for plugin in ("A", "B", "C"):
        queues[plugin], arn = queue(f"plugin-{plugin}")
        attributes = {"RawMessageDelivery": "true", "FilterPolicy": json.dumps({f"p.{plugin}": ["1"]})}
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
    invited = {f"p.{plugin}": {"DataType": "String", "StringValue": "1"} for plugin in ("A", "B")}
    sns.publish(TopicArn=topic, Message='{"for": "A and B"}', MessageAttributes=invited)
    for plugin in ("A", "B"):
        (message,) = receive(queues[plugin])
        expect(message["Body"], '{"for": "A and B"}')
        expect(message["MessageAttributes"]["p.A"]["StringValue"], "1")
    expect(receive(queues["C"], 1), [])
    return "p.A and p.B get it as it was sent, p.C does not"


@check
def each_message_of_a_batch_is_filtered() -> str:
    topic = sns.create_topic(Name=f"batch-{RUN}")["TopicArn"]
    url, arn = queue("batch")
    attributes = {"RawMessageDelivery": "true", "FilterPolicy": json.dumps({"p.A": ["1"]})}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
    entries = [
        {"Id": str(n), "Message": str(n), "MessageAttributes": {f"p.{name}": {"DataType": "String", "StringValue": "1"}}}
        for n, name in enumerate(("A", "B"))
    ]
    expect(len(sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)["Successful"]), 2)
    expect([message["Body"] for message in receive(url)], ["0"])
    return "of two messages, the one that the filter lets through"


@check
def a_delayed_message_comes_late() -> str:
    url, _ = queue("delayed")
    sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=2)
    since = time.monotonic()
    expect([message["Body"] for message in receive(url)], ["later"])
    late = time.monotonic() - since
    if not 1.5 < late < 6:
        raise AssertionError(f"after {late:.1f} s")
    return "DelaySeconds 2"


@check
def a_message_that_is_not_deleted_goes_to_the_dead_letter_queue() -> str:
    dead, dead_arn = queue("dead")
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 2})
    url, _ = queue("failing", VisibilityTimeout="0", RedrivePolicy=redrive)
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    for _ in range(2):
        expect([message["Body"] for message in receive(url)], ["poison"])
    expect(receive(url, 1), [])
    (letter,) = receive(dead)
    expect(letter["Body"], "poison")
    return "after maxReceiveCount 2"


@check
def an_object_is_kept_under_its_path() -> str:
    bucket = f"objects-{RUN}"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="orders/1/input.json", Body=b"{}", ContentType="application/json")
    expect(s3.get_object(Bucket=bucket, Key="orders/1/input.json")["Body"].read(), b"{}")
    return "path style, on an IP address"


@check
def an_alarm_reaches_its_topic() -> str:
    topic = sns.create_topic(Name=f"alarms-{RUN}")["TopicArn"]
    url, arn = queue("alarms")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    name = f"depth-{RUN}"
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=[{"Name": "QueueName", "Value": f"alarms-{RUN}"}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[topic],
        OKActions=[topic],
    )
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="verify")
    (message,) = receive(url)
    alarm = json.loads(message["Body"])
    expect((alarm["AlarmName"], alarm["NewStateValue"]), (name, "ALARM"))
    return "AlarmName and NewStateValue, as rescale reads them"


@check
def a_queue_that_fills_up_raises_its_alarm() -> str:
    full, _ = queue("full")
    topic = sns.create_topic(Name=f"depth-{RUN}")["TopicArn"]
    url, arn = queue("depth")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    for body in ("1", "2", "3"):
        sqs.send_message(QueueUrl=full, MessageBody=body)
    cloudwatch.put_metric_alarm(
        AlarmName=f"full-{RUN}",
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=[{"Name": "QueueName", "Value": f"full-{RUN}"}],
        Statistic="Maximum",
        Period=10,
        EvaluationPeriods=1,
        Threshold=3,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[topic],
    )
    (message,) = receive(url, 60)
    expect(json.loads(message["Body"])["NewStateValue"], "ALARM")
    return "the depth of the queue, measured and compared by CloudWatch"


@check
def a_dashboard_is_kept() -> str:
    body = json.dumps({"widgets": []})
    cloudwatch.put_dashboard(DashboardName=f"baton-{RUN}", DashboardBody=body)
    expect(json.loads(cloudwatch.get_dashboard(DashboardName=f"baton-{RUN}")["DashboardBody"]), json.loads(body))
    return "its body as it was put"


missing = 0
for function in CHECKS:
    name = function.__name__.replace("_", " ")
    try:
        print(f"{name}: {function()}", flush=True)
    except Exception as error:
        missing += 1
        print(f"MISSING {name}: {type(error).__name__}: {error}", flush=True)
sys.exit(1 if missing else 0)
