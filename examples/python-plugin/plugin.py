"""A plugin without the SDK: it counts the words of a text.

What any language needs to be a plugin: read the task message, sign with the plugin's key, answer to the orchestrator's queue.
`docs/reference/messages.md` has every field. Only the standard library is used, and boto3, which Lambda's Python brings along.
"""

import base64
import hashlib
import hmac
import json
import os
import time

# Answers up to here travel in their message; larger results go into the bucket.
MAX_INLINE_RESULT_BYTES = 200 * 1024


class PermanentError(Exception):
    """Another attempt would not help."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def count_words(text):
    if not isinstance(text, str):
        raise PermanentError("NOT_A_TEXT", f"the input is a text, not {type(text).__name__}")
    return {"words": len(text.split())}


def handler(event, _context):
    """The Lambda behind the plugin's queue; its mapping needs ReportBatchItemFailures."""
    import boto3

    payloads = Bucket(boto3.client("s3"), os.environ["BATON_BUCKET_NAME"])
    answers, failed = perform(event["Records"], os.environ["BATON_PLUGIN"], os.environ["BATON_PLUGIN_KEY"], payloads)
    if answers:
        queue_url = os.environ["BATON_ORCHESTRATOR_QUEUE_URL"]
        boto3.client("sqs").send_message(QueueUrl=queue_url, MessageBody=json.dumps({"answers": answers}))
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}


def perform(records, plugin, key, payloads, now=lambda: time.time() * 1000):
    """The answers to the tasks of a batch, and the ids of records that hold no task: those come again, and end as dead letters."""
    answers, failed = [], []
    for record in records:
        try:
            message = json.loads(record["body"])
            invitation = message["invited"][plugin]
            order_id = message["orderId"]
            token = sign(order_id, invitation, plugin, key)
        except (ValueError, KeyError, TypeError):
            failed.append(record["messageId"])
            continue
        started_at = int(now())
        if started_at >= invitation["deadlineAt"]:
            answers.append({"type": "TaskExpired", "token": token})
            continue
        try:
            if "stored" in message:
                message = json.loads(payloads.get(order_id, message["stored"]))
            # Undoing a count takes nothing.
            result = None if "compensate" in message else count_words(message["input"])
            answer = {"type": "TaskCompleted", "token": token, **result_of(result, order_id, payloads)}
            if "sealed" in invitation:
                # Where the order stood: brought back, it spares Baton a read.
                answer["sealed"] = invitation["sealed"]
        except Exception as error:
            answer = {
                "type": "TaskFailed",
                "token": token,
                "error": {"code": getattr(error, "code", "UNEXPECTED_ERROR"), "message": str(error)[:4096]},
                "retry": "never" if isinstance(error, PermanentError) else "policy",
            }
        answers.append({**answer, "ran": {"startedAt": started_at, "endedAt": int(now())}})
    return answers, failed


def sign(order_id, invitation, plugin, key):
    """The attempt's token: proof that the answer is this plugin's, and that the task is its own."""
    claim = f"{order_id}.{invitation['taskId']}.{invitation['attempt']}.{plugin}"
    digest = hmac.new(key.encode(), claim.encode(), hashlib.sha256).digest()
    return f"{claim}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def result_of(result, order_id, payloads):
    # NaN is no JSON; what is beyond ASCII is escaped, so that every queue takes it.
    text = json.dumps(result, allow_nan=False).encode()
    if len(text) <= MAX_INLINE_RESULT_BYTES:
        return {"result": result}
    return {"stored": payloads.put(order_id, text)}


class Bucket:
    """Payloads that are too large for messages: `orders/<order>/payloads/<hash>` in the system's bucket."""

    def __init__(self, s3, name):
        self.s3, self.name = s3, name

    def get(self, order_id, stored):
        key = f"orders/{order_id}/payloads/{stored['sha256']}"
        return self.s3.get_object(Bucket=self.name, Key=key)["Body"].read()

    def put(self, order_id, content):
        sha256 = hashlib.sha256(content).hexdigest()
        self.s3.put_object(Bucket=self.name, Key=f"orders/{order_id}/payloads/{sha256}", Body=content)
        return {"sha256": sha256, "bytes": len(content)}
