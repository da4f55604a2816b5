"""Versions of the function of the API, and the alias `Live` that requests reach.

CloudFormation publishes a version when its id changes, and a tenth of the requests try it for five minutes. SAM takes
the id from where the code is, so that a parameter with another value would never reach `Live`. Here it is a hash of the
code, of the function's properties, and of the values that these name. The same stands in the function's description:
Lambda publishes nothing that is as it was.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

LIVE = "Live"
KEPT = 3
Template = dict[str, Any]


def properties(alarm: str) -> Template:
    """What makes SAM publish versions of a function. `alarm`: the logical id of what ends a trial."""
    return {
        "AutoPublishAlias": LIVE,
        "DeploymentPreference": {"Type": "Canary10Percent5Minutes", "Alarms": [{"Ref": alarm}]},
    }


def mark(template: Template, code: str, values: Mapping[str, str]) -> None:
    """Give each function that is published its hash. `code`: that of the code; `values`: of the parameters."""
    for resource in template["Resources"].values():
        about = resource["Properties"] if resource["Type"] == "AWS::Serverless::Function" else {}
        if "AutoPublishAlias" in about:
            mark = _hash(template, about, code, values)
            about["AutoPublishCodeSha256"] = mark
            about["Description"] = f"The API of Kenoma, {mark}"


def _hash(template: Template, about: Template, code: str, values: Mapping[str, str]) -> str:
    declared = template.get("Parameters", {})
    conditions = template.get("Conditions", {})
    named = _names_in(about)
    while more := set().union(*(_names_in(conditions[name]) for name in named & conditions.keys())) - named:
        named |= more
    known = {name: values.get(name, declared[name].get("Default", "")) for name in named & declared.keys()}
    rules = {name: conditions[name] for name in named & conditions.keys()}
    where_the_code_is = ("CodeUri", "AutoPublishCodeSha256", "Description")
    rest = {name: value for name, value in about.items() if name not in where_the_code_is}
    text = json.dumps([code, rest, rules, {name: str(value) for name, value in known.items()}], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _names_in(part: Any) -> set[str]:
    """The parameters, resources and conditions that a part of a template names."""
    if isinstance(part, list):
        return set().union(*map(_names_in, part))
    if not isinstance(part, dict):
        return set()
    found = set().union(*map(_names_in, part.values()))
    for word in ("Ref", "Condition"):
        if isinstance(part.get(word), str):
            found.add(part[word])
    if "Fn::If" in part:
        found.add(part["Fn::If"][0])
    if "Fn::Sub" in part:
        text = part["Fn::Sub"] if isinstance(part["Fn::Sub"], str) else part["Fn::Sub"][0]
        found |= set(re.findall(r"\$\{([A-Za-z0-9]+)\}", text))
    return found


def keep_newest(client: Any, function: str) -> list[str]:
    """Delete old versions, but none that the alias names. Answers the numbers of those that went."""
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    numbers = sorted(int(each["Version"]) for page in pages for each in page["Versions"]
                     if each["Version"] != "$LATEST")
    alias = client.get_alias(FunctionName=function, Name=LIVE)
    named = {alias["FunctionVersion"], *alias.get("RoutingConfig", {}).get("AdditionalVersionWeights", {})}
    old = [str(number) for number in numbers[:-KEPT] if str(number) not in named]
    for number in old:
        client.delete_function(FunctionName=function, Qualifier=number)
    return old


def go_back(client: Any, function: str) -> str | None:
    """Let the alias name the version before. Answers that version; None: there is none."""
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=function)
    numbers = [int(each["Version"]) for page in pages for each in page["Versions"] if each["Version"] != "$LATEST"]
    now = int(client.get_alias(FunctionName=function, Name=LIVE)["FunctionVersion"])
    before = max((number for number in numbers if number < now), default=None)
    if before is None:
        return None
    client.update_alias(FunctionName=function, Name=LIVE, FunctionVersion=str(before))
    return str(before)
