"""Without this, a custom resource behind a topic fails: moto takes every ServiceToken for the name of a function
("Function not found: arn:aws:sns:...").

Here the request goes to the topic, as CloudFormation would send it, and the stack waits for the response at ResponseURL: resources
that depend on the custom resource see its data, and a refusal fails the deployment with the reason."""

import json
import threading
import uuid
from typing import Any
from urllib.parse import quote

import moto.cloudformation.parsing as parsing
from endpoint import REGION, Endpoint
from moto.cloudformation.custom_model import CustomModel
from moto.cloudformation.exceptions import ValidationError
from moto.cloudformation.responses import CloudFormationResponse

MAX_WAIT_SECONDS = 60

Event = dict[str, Any]


class Responses:
    """The responses to open requests, by request id."""

    def __init__(self) -> None:
        self._arrived: dict[str, threading.Event] = {}
        self._responses: dict[str, Event] = {}

    def expect(self, request_id: str) -> None:
        self._arrived[request_id] = threading.Event()

    def take(self, response: Event) -> None:
        self._responses[response["RequestId"]] = response
        self._arrived[response["RequestId"]].set()

    def wait(self, request_id: str) -> Event:
        if not self._arrived[request_id].wait(MAX_WAIT_SECONDS):
            raise ValidationError(message=f"no response for a custom resource within {MAX_WAIT_SECONDS} s")
        return self._responses[request_id]


def apply(endpoint: Endpoint) -> None:
    responses = Responses()

    def ask(request_type: str, resource: "TopicBackedResource", **more: Any) -> Event:
        request_id = str(uuid.uuid4())
        responses.expect(request_id)
        event = {
            "RequestType": request_type,
            "ServiceToken": resource.properties["ServiceToken"],
            "ResponseURL": f"{endpoint.url}/cloudformation_{REGION}/cfnresponse?stack={quote(resource.stack_id, safe='')}",
            "StackId": resource.stack_id,
            "RequestId": request_id,
            "LogicalResourceId": resource.logical_id,
            "ResourceType": resource.resource_type,
            "ResourceProperties": {key: value for key, value in resource.properties.items() if key != "ServiceTimeout"},
            **more,
        }
        endpoint.client("sns").publish(
            TopicArn=resource.properties["ServiceToken"],
            Subject="AWS CloudFormation custom resource request",
            Message=json.dumps(event),
        )
        response = responses.wait(request_id)
        if response["Status"] != "SUCCESS":
            raise ValidationError(message=f"{resource.logical_id}: {response.get('Reason')}")
        return response

    class TopicBackedResource(CustomModel):
        # moto sorts its models by the second part of their module's name.
        __module__ = CustomModel.__module__

        def settle(self, response: Event) -> "TopicBackedResource":
            self.resource_name = response["PhysicalResourceId"]
            self.set_data(response.get("Data", {}))
            return self

        @classmethod
        def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
            resource = cls(region_name, "", kwargs["LogicalId"], resource_name)
            resource.stack_id = kwargs["StackId"]
            resource.resource_type = kwargs["ResourceType"]
            resource.properties = cloudformation_json["Properties"]
            return resource.settle(ask("Create", resource))

        @classmethod
        def update_from_cloudformation_json(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
            resource = cls(region_name, "", original_resource.logical_id, original_resource.resource_name)
            resource.stack_id = original_resource.stack_id
            resource.resource_type = original_resource.resource_type
            resource.properties = cloudformation_json["Properties"]
            more = {
                "PhysicalResourceId": original_resource.resource_name,
                "OldResourceProperties": original_resource.properties,
            }
            return resource.settle(ask("Update", resource, **more))

        def delete(self, account_id: str, region_name: str) -> None:
            ask("Delete", self, PhysicalResourceId=self.resource_name)

    def take_response(response: CloudFormationResponse) -> tuple[int, dict[str, int], str]:
        responses.take(json.loads(response.body))
        return 200, {"status": 200}, ""

    parsing.CustomModel = TopicBackedResource
    CloudFormationResponse.process_cfn_response = take_response
