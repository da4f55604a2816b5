"""CloudFront as moto plays it: a distribution, and what it was asked to forget."""

from __future__ import annotations

from typing import Any

import boto3


def distribution() -> str:
    """A new distribution. Those of earlier tests are gone."""
    cloudfront = _cloudfront()
    for each in _all(cloudfront):
        tag = cloudfront.get_distribution(Id=each["Id"])["ETag"]
        cloudfront.delete_distribution(Id=each["Id"], IfMatch=tag)
    made = cloudfront.create_distribution(DistributionConfig={
        "CallerReference": "tests", "Comment": "", "Enabled": False,
        "Origins": {"Quantity": 1, "Items": [{
            "Id": "bucket", "DomainName": "kenoma-files.s3.amazonaws.com",
            "S3OriginConfig": {"OriginAccessIdentity": ""},
        }]},
        "DefaultCacheBehavior": {"TargetOriginId": "bucket", "ViewerProtocolPolicy": "allow-all"},
    })
    return str(made["Distribution"]["Id"])


def forgotten() -> list[list[str]]:
    """The paths of each invalidation."""
    cloudfront = _cloudfront()
    found = []
    for each in _all(cloudfront):
        listed = cloudfront.list_invalidations(DistributionId=each["Id"])["InvalidationList"].get("Items", [])
        found += [cloudfront.get_invalidation(DistributionId=each["Id"], Id=one["Id"]) for one in listed]
    return [sorted(each["Invalidation"]["InvalidationBatch"]["Paths"]["Items"]) for each in found]


def _cloudfront() -> Any:
    return boto3.client("cloudfront")


def _all(cloudfront: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = cloudfront.list_distributions()["DistributionList"].get("Items", [])
    return items
