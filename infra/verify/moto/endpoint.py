"""The address of this server, and clients that call it."""

from functools import cache

import boto3

REGION = "us-east-1"


class Endpoint:
    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    @cache
    def client(self, service: str):
        """A boto3 client: it checks each call against AWS's model of the service before it sends it."""
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id="cloudformation",
            aws_secret_access_key="none",
        )
