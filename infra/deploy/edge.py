"""The CDN in front of everything: one address for the API and for the files of the bucket.

It is always needed: the bucket is private, and neither edge of the API passes on all that a client sent. A parameter
chooses between the CDN's own name and a domain.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from chalicelib.web import session
from chalicelib.web.edge import ON_EVERY_REPLY
from chalicelib.web.endpoint import PREFIXES as PREFIXES_OF_PLEROMA
from infra.local.files import PREFIXES

from . import cdn_functions, sockets

Template = dict[str, Any]
NAMED = "/media/"
# The CDN's own policies have these ids in every account.
CACHE_AS_TOLD = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHE_NOTHING = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
ZONE_OF_THE_CDN = "Z2FDTNDATAQYW2"

ADDRESS: Template = {"Fn::If": [
    "HasDomain", {"Fn::Sub": "https://${DomainName}"}, {"Fn::Sub": "https://${Front.DomainName}"},
]}
# The edge of the API (`gateway.py`).
BEHIND: Template = {"Fn::If": [
    "ByGateway",
    {"Fn::Sub": "${Gateway}.execute-api.${AWS::Region}.${AWS::URLSuffix}"},
    {"Fn::Select": [2, {"Fn::Split": ["/", {"Fn::GetAtt": ["FunctionUrl", "FunctionUrl"]}]}]},
]}
# Part of the stack's id, which nobody outside of the account knows. With it the CDN proves that a request came through
# it, so that the client's address in its headers is true.
FRONT_KEY: Template = {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}
PARAMETERS: Template = {
    "DomainName": {
        "Type": "String", "Default": "",
        "Description": "Host of the public address. Empty: the name that the CDN has by itself. Never change it once "
                       "there are accounts: it is part of their addresses.",
    },
    "CertificateArn": {
        "Type": "String", "Default": "",
        "Description": "Certificate for DomainName, made in us-east-1, wherever the stack is.",
    },
    "HostedZoneId": {
        "Type": "String", "Default": "",
        "Description": "Zone of Route 53 to write DomainName into. Empty: point the name at the CDN elsewhere.",
    },
    "CdnLogBucket": {
        "Type": "String", "Default": "",
        "Description": "Domain name of a bucket that takes the CDN's logs (BUCKET.s3.amazonaws.com). Empty: none.",
    },
}
CONDITIONS: Template = {
    "HasDomain": {"Fn::Not": [{"Fn::Equals": [{"Ref": "DomainName"}, ""]}]},
    "HasZone": {"Fn::And": [
        {"Condition": "HasDomain"}, {"Fn::Not": [{"Fn::Equals": [{"Ref": "HostedZoneId"}, ""]}]},
    ]},
    "CdnLogs": {"Fn::Not": [{"Fn::Equals": [{"Ref": "CdnLogBucket"}, ""]}]},
}
RULES: Template = {
    "ADomainNeedsItsCertificate": {
        "RuleCondition": {"Fn::Not": [{"Fn::Equals": [{"Ref": "DomainName"}, ""]}]},
        "Assertions": [{
            "Assert": {"Fn::Not": [{"Fn::Equals": [{"Ref": "CertificateArn"}, ""]}]},
            "AssertDescription": "DomainName needs CertificateArn",
        }],
    },
}
# Errors of the API are replies like others: the CDN must not keep them, and must not show pages of its own.
NEVER_KEPT = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)
# What is below the address of sockets is served by the API.
BELOW_SOCKETS, SOCKETS = "/api/v1/streaming/?*", "/api/v1/streaming*"


def resources(routes: Iterable[str], shared: Iterable[str]) -> Template:
    """The CDN, and what lets it read the bucket.

    `routes`: the paths of the application. `shared`: those whose replies it may keep for a while.
    """
    return {
        "Front": {
            "Type": "AWS::CloudFront::Distribution",
            "Properties": {"DistributionConfig": {
                "Comment": {"Fn::Sub": "kenoma ${Stage}"},
                "Enabled": True,
                "HttpVersion": "http2and3",
                "IPV6Enabled": True,
                "PriceClass": "PriceClass_100",
                "Aliases": {"Fn::If": ["HasDomain", [{"Ref": "DomainName"}], {"Ref": "AWS::NoValue"}]},
                "ViewerCertificate": {"Fn::If": [
                    "HasDomain",
                    {"AcmCertificateArn": {"Ref": "CertificateArn"}, "SslSupportMethod": "sni-only",
                     "MinimumProtocolVersion": "TLSv1.2_2021"},
                    {"CloudFrontDefaultCertificate": True},
                ]},
                "Origins": [_api(), _bucket(), _sockets()],
                "OriginGroups": {"Quantity": 1, "Items": [{
                    "Id": "files",
                    "FailoverCriteria": {"StatusCodes": {"Quantity": 2, "Items": [403, 404]}},
                    "Members": {"Quantity": 2, "Items": [{"OriginId": "bucket"}, {"OriginId": "api"}]},
                }]},
                "DefaultCacheBehavior": _to_the_api(),
                "CacheBehaviors": [
                    *_of_routes(set(routes) - set(shared)), *_of_shared(shared),
                    {"PathPattern": BELOW_SOCKETS, **_to_the_api()}, {"PathPattern": SOCKETS, **_to_sockets()},
                    *map(_to_the_bucket, sorted(PREFIXES, key=len, reverse=True)),
                ],
                "CustomErrorResponses": [{"ErrorCode": code, "ErrorCachingMinTTL": 0} for code in NEVER_KEPT],
                "Logging": {"Fn::If": [
                    "CdnLogs",
                    {"Bucket": {"Ref": "CdnLogBucket"}, "Prefix": {"Fn::Sub": "kenoma-${Stage}/"},
                     "IncludeCookies": False},
                    {"Ref": "AWS::NoValue"},
                ]},
            }},
        },
        "SharedReplies": _shared_replies(),
        "BucketAccess": {
            "Type": "AWS::CloudFront::OriginAccessControl",
            "Properties": {"OriginAccessControlConfig": {
                "Name": {"Fn::Sub": "kenoma-${Stage}-files"}, "OriginAccessControlOriginType": "s3",
                "SigningBehavior": "always", "SigningProtocol": "sigv4",
            }},
        },
        **{logical: _headers(logical, security) for security, logical in _policies().items()},
        **cdn_functions.resources(),
        "MediaBucketPolicy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {"Bucket": {"Ref": "MediaBucket"}, "PolicyDocument": _bucket_policy()},
        },
        "NameRecord": _record("A"),
        "NameRecord6": _record("AAAA"),
    }


def _api() -> Template:
    return {
        "Id": "api",
        "DomainName": BEHIND,
        "CustomOriginConfig": {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"],
                               "OriginReadTimeout": 30},
        "OriginCustomHeaders": [{"HeaderName": "X-Kenoma-Front", "HeaderValue": FRONT_KEY}],
    }


def _bucket() -> Template:
    return {
        "Id": "bucket",
        "DomainName": {"Fn::GetAtt": ["MediaBucket", "RegionalDomainName"]},
        "OriginAccessControlId": {"Fn::GetAtt": ["BucketAccess", "Id"]},
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }


def _sockets() -> Template:
    """The gateway of the sockets. It knows no paths, but a stage."""
    return {
        "Id": "sockets",
        "DomainName": sockets.HOST,
        "OriginPath": f"/{sockets.STAGE}",
        "CustomOriginConfig": {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]},
        "OriginCustomHeaders": [{"HeaderName": "X-Kenoma-Front", "HeaderValue": FRONT_KEY}],
    }


def _to_sockets() -> Template:
    return {
        "TargetOriginId": "sockets",
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": ["GET", "HEAD", "OPTIONS"],
        "CachePolicyId": CACHE_NOTHING,
        "OriginRequestPolicyId": ALL_BUT_HOST,
        "FunctionAssociations": [
            {"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["BeforeSockets", "FunctionARN"]}},
        ],
    }


def _to_the_api() -> Template:
    return {
        "TargetOriginId": "api",
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
        "CachePolicyId": CACHE_NOTHING,
        "OriginRequestPolicyId": ALL_BUT_HOST,
        "FunctionAssociations": [
            {"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["BeforeTheApi", "FunctionARN"]}},
        ],
    }


def _shared_replies() -> Template:
    """What is kept, and under which key: nothing that does not say `s-maxage`, and that for a minute at most.

    The CDN lets requests with the same key share a reply, even one that it must not keep. So the key has the values of
    all credentials, and not only whether there are any.
    """
    return {
        "Type": "AWS::CloudFront::CachePolicy",
        "Properties": {"CachePolicyConfig": {
            "Name": {"Fn::Sub": "kenoma-${Stage}-shared"}, "MinTTL": 0, "DefaultTTL": 0, "MaxTTL": 60,
            "ParametersInCacheKeyAndForwardedToOrigin": {
                "EnableAcceptEncodingGzip": True, "EnableAcceptEncodingBrotli": False,
                "QueryStringsConfig": {"QueryStringBehavior": "all"},
                "HeadersConfig": {"HeaderBehavior": "whitelist",
                                  "Headers": ["Authorization", "x-kenoma-path", "x-kenoma-wants"]},
                "CookiesConfig": {"CookieBehavior": "whitelist", "Cookies": list(session.ALSO_READ)},
            },
        }},
    }


def _of_shared(paths: Iterable[str]) -> Iterator[Template]:
    """A star stands for slashes too, so a pattern that begins like another one with a star is covered by that.

    A path that is served below two prefixes, or in two versions, has one pattern for both.
    """
    alone = {_both_prefixes(_pattern(path)) for path in paths}
    versions = Counter(map(_any_version, alone))
    patterns = {_any_version(each) if versions[_any_version(each)] > 1 else each for each in alone}
    covering = tuple(each.removesuffix("*") for each in patterns if each.endswith("/*"))
    needed = {each for each in patterns if not any(each.startswith(one) and each != f"{one}*" for one in covering)}
    for pattern in sorted(needed, reverse=True):
        yield {"PathPattern": pattern, **_to_the_api(), "CachePolicyId": {"Ref": "SharedReplies"}}


def _both_prefixes(pattern: str) -> str:
    return "/api/*pleroma/" + pattern.partition("/pleroma/")[2] if pattern.startswith(PREFIXES_OF_PLEROMA) else pattern


def _any_version(pattern: str) -> str:
    return re.sub(r"^/api/v\d/", "/api/v?/", pattern)


def _to_the_bucket(prefix: str) -> Template:
    """Files below a prefix. If a file is missing, the API answers, in the form of its own errors."""
    stored = "no-store" not in PREFIXES[prefix]["Cache-Control"]
    behaviour: Template = {
        "PathPattern": f"{prefix}*",
        "TargetOriginId": "files",
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": ["GET", "HEAD", "OPTIONS"],
        "CachePolicyId": CACHE_AS_TOLD if stored else CACHE_NOTHING,
        "ResponseHeadersPolicyId": {"Ref": _policies()[_security(prefix)]},
    }
    if prefix.startswith(NAMED):
        behaviour["FunctionAssociations"] = [
            {"EventType": "viewer-response", "FunctionARN": {"Fn::GetAtt": ["Naming", "FunctionARN"]}},
        ]
    return behaviour


def _of_routes(routes: Iterable[str]) -> Iterator[Template]:
    """Routes of the application below a prefix of files go to the API. A fixed word in the path tells them apart."""
    patterns = {prefix + _pattern(path.removeprefix(prefix)) for path in routes for prefix in PREFIXES
                if path.startswith(prefix) and not path.removeprefix(prefix).startswith("{")}
    yield from ({"PathPattern": pattern, **_to_the_api()} for pattern in sorted(patterns))


def _security(prefix: str) -> str:
    """The content security policy of the files below a prefix."""
    return PREFIXES[prefix].get("Content-Security-Policy") or ON_EVERY_REPLY["Content-Security-Policy"]


def _policies() -> dict[str, str]:
    """For each content security policy, the logical id of the headers that go with it."""
    named = {_security(prefix): prefix.strip("/").title().replace("/", "") for prefix in reversed(PREFIXES)}
    return {security: f"{name}Headers" for security, name in named.items()}


def _pattern(path: str) -> str:
    return "/".join("*" if step.startswith("{") else step for step in path.split("/"))


def _headers(name: str, content_security: str) -> Template:
    """Headers that are sent with a file. Type, caching and entity tag are stored with the object itself."""
    every = {key.lower(): value for key, value in ON_EVERY_REPLY.items()}
    return {
        "Type": "AWS::CloudFront::ResponseHeadersPolicy",
        "Properties": {"ResponseHeadersPolicyConfig": {
            "Name": {"Fn::Sub": f"kenoma-${{Stage}}-{name.removesuffix('Headers').lower()}"},
            "CorsConfig": {
                "AccessControlAllowCredentials": False, "OriginOverride": True,
                "AccessControlAllowHeaders": {"Items": ["*"]}, "AccessControlAllowOrigins": {"Items": ["*"]},
                "AccessControlAllowMethods": {"Items": ["GET", "HEAD", "OPTIONS"]},
                "AccessControlExposeHeaders": {"Items": ["ETag"]}, "AccessControlMaxAgeSec": 86400,
            },
            "SecurityHeadersConfig": {
                "ContentSecurityPolicy": {"ContentSecurityPolicy": content_security, "Override": True},
                "ContentTypeOptions": {"Override": True},
                "FrameOptions": {"FrameOption": every["x-frame-options"], "Override": True},
                "ReferrerPolicy": {"ReferrerPolicy": every["referrer-policy"], "Override": True},
                "XSSProtection": {"Protection": True, "ModeBlock": True, "Override": True},
            },
            "CustomHeadersConfig": {"Items": [
                {"Header": header, "Value": every[header.lower()], "Override": True}
                for header in ("X-Permitted-Cross-Domain-Policies", "X-Download-Options")
            ]},
        }},
    }


def _bucket_policy() -> Template:
    """The CDN may read public files, and nobody may connect without TLS. It may not list files."""
    public = [{"Fn::Sub": "${MediaBucket.Arn}" + prefix + "*"} for prefix in PREFIXES]
    source = {"Fn::Sub": "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Front}"}
    return {"Version": "2012-10-17", "Statement": [
        {
            "Sid": "PublicFiles", "Effect": "Allow", "Principal": {"Service": "cloudfront.amazonaws.com"},
            "Action": "s3:GetObject", "Resource": public, "Condition": {"StringEquals": {"AWS:SourceArn": source}},
        },
        {
            "Sid": "EncryptedInTransit", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
            "Resource": [{"Fn::GetAtt": ["MediaBucket", "Arn"]}, {"Fn::Sub": "${MediaBucket.Arn}/*"}],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    ]}


def _record(kind: str) -> Template:
    return {
        "Type": "AWS::Route53::RecordSet",
        "Condition": "HasZone",
        "Properties": {
            "HostedZoneId": {"Ref": "HostedZoneId"}, "Name": {"Ref": "DomainName"}, "Type": kind,
            "AliasTarget": {"DNSName": {"Fn::GetAtt": ["Front", "DomainName"]}, "HostedZoneId": ZONE_OF_THE_CDN},
        },
    }
