"""Without this, moto's CloudFormation passes over these types ("Tried to parse AWS::SNS::Subscription but it's not
supported by moto's CloudFormation implementation"), although its services have them.

Each is made with the same API calls as in CloudFormation, through boto3: a property that the API does not know, or of the wrong
type, fails the deployment."""

import json
from collections.abc import Callable
from typing import Any

from endpoint import Endpoint
from moto.core.common_models import CloudFormationModel

Properties = dict[str, Any]


class ApiResource:
    """A resource that is made, changed and deleted with calls to its service's API."""

    def __init__(self, properties: Properties) -> None:
        self.properties = properties
        self.attributes: Properties = {}

    def make(self) -> str:
        """Makes or replaces it. Returns its physical id."""
        raise NotImplementedError

    def unmake(self) -> None:
        raise NotImplementedError

    # What moto's CloudFormation calls:

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **_):
        resource = cls(cloudformation_json["Properties"])
        resource.physical_resource_id = resource.make()
        return resource

    @classmethod
    def update_from_cloudformation_json(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
        original_resource.unmake()
        return cls.create_from_cloudformation_json(new_resource_name, cloudformation_json, account_id, region_name)

    @classmethod
    def delete_from_cloudformation_json(cls, *_):
        raise NotImplementedError("deleted through the object")

    def delete(self, account_id: str, region_name: str) -> None:
        self.unmake()

    def is_created(self) -> bool:
        return True

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return True

    def get_cfn_attribute(self, attribute_name: str) -> Any:
        return self.attributes.get(attribute_name)

    @staticmethod
    def cloudformation_name_type() -> None:
        return None


def apply(endpoint: Endpoint) -> None:
    sns, sqs, cloudwatch, api, lambdas = (
        endpoint.client(name) for name in ("sns", "sqs", "cloudwatch", "apigatewayv2", "lambda")
    )

    def define(type_name: str, make: Callable[[ApiResource], str], unmake: Callable[[ApiResource], Any]) -> None:
        members = {"make": make, "unmake": unmake, "cloudformation_type": staticmethod(lambda: type_name)}
        type(type_name.replace("::", ""), (ApiResource, CloudFormationModel), members)

    def subscribe(resource: ApiResource) -> str:
        required = {name: resource.properties[name] for name in ("TopicArn", "Protocol", "Endpoint")}
        attributes = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in resource.properties.items()
            if name not in required
        }
        return sns.subscribe(**required, Attributes=attributes, ReturnSubscriptionArn=True)["SubscriptionArn"]

    define(
        "AWS::SNS::Subscription",
        subscribe,
        lambda resource: sns.unsubscribe(SubscriptionArn=resource.physical_resource_id),
    )

    def put_alarm(resource: ApiResource) -> str:
        cloudwatch.put_metric_alarm(**resource.properties)
        resource.attributes["Arn"] = cloudwatch.describe_alarms(AlarmNames=[resource.properties["AlarmName"]])[
            "MetricAlarms"
        ][0]["AlarmArn"]
        return resource.properties["AlarmName"]

    define(
        "AWS::CloudWatch::Alarm",
        put_alarm,
        lambda resource: cloudwatch.delete_alarms(AlarmNames=[resource.physical_resource_id]),
    )

    def put_dashboard(resource: ApiResource) -> str:
        json.loads(resource.properties["DashboardBody"])
        cloudwatch.put_dashboard(**resource.properties)
        return resource.properties["DashboardName"]

    define(
        "AWS::CloudWatch::Dashboard",
        put_dashboard,
        lambda resource: cloudwatch.delete_dashboards(DashboardNames=[resource.physical_resource_id]),
    )

    def set_policy(queues: list[str], policy: str) -> None:
        for queue in queues:
            sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})

    def put_policy(resource: ApiResource) -> str:
        set_policy(resource.properties["Queues"], json.dumps(resource.properties["PolicyDocument"]))
        return "policy"

    define("AWS::SQS::QueuePolicy", put_policy, lambda resource: set_policy(resource.properties["Queues"], ""))

    def put_invoke_config(resource: ApiResource) -> str:
        lambdas.put_function_event_invoke_config(**resource.properties)
        return f"{resource.properties['FunctionName']}|{resource.properties['Qualifier']}"

    define(
        "AWS::Lambda::EventInvokeConfig",
        put_invoke_config,
        lambda resource: lambdas.delete_function_event_invoke_config(
            FunctionName=resource.properties["FunctionName"], Qualifier=resource.properties["Qualifier"]
        ),
    )

    def create_api(resource: ApiResource) -> str:
        made = api.create_api(**resource.properties)
        resource.attributes["ApiEndpoint"] = made["ApiEndpoint"]
        return made["ApiId"]

    define("AWS::ApiGatewayV2::Api", create_api, lambda resource: api.delete_api(ApiId=resource.physical_resource_id))

    def define_part(name: str, create: Callable[..., Any], id_field: str, delete: Callable[..., Any]) -> None:
        """A part of an API."""
        define(
            f"AWS::ApiGatewayV2::{name}",
            lambda resource: create(**resource.properties)[id_field],
            lambda resource: delete(
                ApiId=resource.properties["ApiId"], **{id_field: resource.physical_resource_id}
            ),
        )

    define_part("Stage", api.create_stage, "StageName", api.delete_stage)
    define_part("Integration", api.create_integration, "IntegrationId", api.delete_integration)
    define_part("Route", api.create_route, "RouteId", api.delete_route)
    define_part("Authorizer", api.create_authorizer, "AuthorizerId", api.delete_authorizer)
