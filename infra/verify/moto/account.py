"""Prints everything in the account as JSON, read over the API: `python account.py URL`."""

import json
import sys
from collections.abc import Callable
from typing import Any

import boto3

url = sys.argv[1]


def client(service: str) -> Any:
    return boto3.client(
        service, region_name="us-east-1", endpoint_url=url, aws_access_key_id="reader", aws_secret_access_key="none"
    )


def all_of(service: Any, operation: str, field: str, **arguments: Any) -> list[Any]:
    """All pages of a list."""
    if not service.can_paginate(operation):
        return getattr(service, operation)(**arguments).get(field, [])
    pages = service.get_paginator(operation).paginate(**arguments)
    return [item for page in pages for item in page.get(field, [])]


def without(item: dict[str, Any], *fields: str) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key not in ("ResponseMetadata", *fields)}


def last(arn_or_url: str) -> str:
    return arn_or_url.replace("/", ":").split(":")[-1]


def by(items: list[Any], name_of: Callable[[Any], str], content_of: Callable[[Any], Any]) -> dict[str, Any]:
    return dict(sorted((name_of(item), content_of(item)) for item in items))


sqs, sns, s3, dynamodb, lambdas, iam, cloudwatch, ssm, events, logs, apis, cloudformation = (
    client(name)
    for name in "sqs sns s3 dynamodb lambda iam cloudwatch ssm events logs apigatewayv2 cloudformation".split()
)


def table(name: str) -> dict[str, Any]:
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    return {
        **without(dynamodb.describe_table(TableName=name)["Table"], "CreationDateTime", "ItemCount", "TableSizeBytes"),
        "TimeToLive": dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"],
        "PointInTimeRecovery": backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"],
    }


def subscription(arn: str) -> dict[str, Any]:
    return without(sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"], "SubscriptionArn")


def api(item: dict[str, Any]) -> dict[str, Any]:
    of_api = {"ApiId": item["ApiId"]}
    routes = all_of(apis, "get_routes", "Items", **of_api)
    return {
        "routes": by(routes, lambda one: one["RouteKey"], lambda one: without(one, "RouteKey")),
        "integrations": by(
            all_of(apis, "get_integrations", "Items", **of_api), lambda one: one["IntegrationId"], without
        ),
        # GetAuthorizers fails in moto.
        "authorizers": by(
            {route["AuthorizerId"] for route in routes if "AuthorizerId" in route},
            str,
            lambda id: without(apis.get_authorizer(AuthorizerId=id, **of_api)),
        ),
        "stages": by(
            all_of(apis, "get_stages", "Items", **of_api), lambda one: one["StageName"], lambda one: without(one, "CreatedDate", "LastUpdatedDate")
        ),
    }


account = {
    "stacks": by(
        cloudformation.describe_stacks()["Stacks"], lambda one: one["StackName"], lambda one: one["StackStatus"]
    ),
    "queues": by(
        all_of(sqs, "list_queues", "QueueUrls"),
        last,
        lambda queue: without(
            sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"],
            "CreatedTimestamp",
            "LastModifiedTimestamp",
        ),
    ),
    "topics": by(
        all_of(sns, "list_topics", "Topics"),
        lambda one: last(one["TopicArn"]),
        lambda one: without(sns.get_topic_attributes(TopicArn=one["TopicArn"])["Attributes"], "Policy"),
    ),
    "subscriptions": by(
        all_of(sns, "list_subscriptions", "Subscriptions"),
        lambda one: f"{last(one['TopicArn'])} to {last(one['Endpoint'])}",
        lambda one: subscription(one["SubscriptionArn"]),
    ),
    "tables": by(all_of(dynamodb, "list_tables", "TableNames"), str, table),
    "buckets": by(s3.list_buckets()["Buckets"], lambda one: one["Name"], lambda one: {}),
    "functions": by(
        all_of(lambdas, "list_functions", "Functions"),
        lambda one: one["FunctionName"],
        lambda one: without(one, "LastModified", "Version"),
    ),
    "mappings": by(
        all_of(lambdas, "list_event_source_mappings", "EventSourceMappings"),
        lambda one: f"{last(one['EventSourceArn'])} to {last(one['FunctionArn'])}",
        lambda one: without(one, "LastModified"),
    ),
    "roles": by(all_of(iam, "list_roles", "Roles"), lambda one: one["Arn"], lambda one: None),
    "alarms": by(
        all_of(cloudwatch, "describe_alarms", "MetricAlarms"),
        lambda one: one["AlarmName"],
        lambda one: without(one, "StateUpdatedTimestamp", "AlarmConfigurationUpdatedTimestamp", "StateTransitionedTimestamp"),
    ),
    "dashboards": by(
        all_of(cloudwatch, "list_dashboards", "DashboardEntries"),
        lambda one: one["DashboardName"],
        lambda one: json.loads(cloudwatch.get_dashboard(DashboardName=one["DashboardName"])["DashboardBody"]),
    ),
    "parameters": by(
        all_of(ssm, "get_parameters_by_path", "Parameters", Path="/", Recursive=True),
        lambda one: one["Name"],
        lambda one: one["Value"],
    ),
    "rules": by(
        all_of(events, "list_rules", "Rules"),
        lambda one: one["Name"],
        lambda one: {
            **without(one, "Name"),
            "Targets": [target["Arn"] for target in events.list_targets_by_rule(Rule=one["Name"])["Targets"]],
        },
    ),
    "logGroups": by(
        all_of(logs, "describe_log_groups", "logGroups"),
        lambda one: one["logGroupName"],
        lambda one: one.get("retentionInDays"),
    ),
    "apis": by(all_of(apis, "get_apis", "Items"), lambda one: one["Name"], api),
}
json.dump(account, sys.stdout, indent=1, default=str)
