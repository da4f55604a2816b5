"""Observation: alarms beside those of the queues, the dashboard, and the budget.

Ten alarm metrics are free, and so are ten metrics of our own (`chalicelib/metrics.py`). There are eight alarms, none
for a single function: failures and throttles are counted for the account.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.metrics import METRICS, NAMESPACE

from .functions import API, Function

Template = dict[str, Any]
PARAMETERS: Template = {
    "AlarmTopicArn": {
        "Type": "String", "Default": "", "Description": "An SNS topic for alarms. Empty: a topic of this stack.",
    },
    "AlarmEmail": {
        "Type": "String", "Default": "", "Description": "Who is mailed the alarms of this stack's own topic.",
    },
    "BudgetEmail": {
        "Type": "String", "Default": "",
        "Description": "Who is mailed when the account spends more than BudgetDollars. Empty: no budget.",
    },
    "BudgetDollars": {
        "Type": "Number", "Default": 10, "MinValue": 1, "Description": "What the account may spend in a month.",
    },
}
CONDITIONS: Template = {
    "OwnTopic": {"Fn::Equals": [{"Ref": "AlarmTopicArn"}, ""]},
    "MailsAlarms": {"Fn::And": [
        {"Condition": "OwnTopic"}, {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmEmail"}, ""]}]},
    ]},
    "HasBudget": {"Fn::Not": [{"Fn::Equals": [{"Ref": "BudgetEmail"}, ""]}]},
}
TOPIC: Template = {"Fn::If": ["OwnTopic", {"Ref": "AlarmTopic"}, {"Ref": "AlarmTopicArn"}]}
# The same figures have other names and dimensions on each edge (`gateway.py`).
EDGE: Template = {"Fn::If": [
    "ByGateway",
    [{"Name": "ApiId", "Value": {"Ref": "Gateway"}}, {"Name": "Stage", "Value": "$default"}],
    [{"Name": "FunctionName", "Value": {"Fn::Sub": f"kenoma-${{Stage}}-{API}"}}],
]}
STAGE: list[Template] = [{"Name": "Stage", "Value": {"Ref": "Stage"}}]
ON_THE_DASHBOARD: Mapping[str, tuple[Any, Any]] = {
    "EdgeSpace": ("AWS/ApiGateway", "AWS/Lambda"), "EdgeCount": ("Count", "UrlRequestCount"),
    "Edge4xx": ("4xx", "Url4xxCount"), "Edge5xx": ("5xx", "Url5xxCount"), "EdgeMs": ("Latency", "UrlRequestLatency"),
    "EdgeBy": ("ApiId", "FunctionName"),
    "EdgeId": ({"Ref": "Gateway"}, {"Fn::Sub": f"kenoma-${{Stage}}-{API}"}),
}


def resources(functions: Iterable[Function], queues: Iterable[str], tables: Iterable[str]) -> Template:
    """Alarms, who gets them, the dashboard and the budget. `queues`, `tables`: logical ids."""
    functions = list(functions)
    return {
        "AlarmTopic": {"Condition": "OwnTopic"},
        "AlarmMail": {
            "Type": "AWS::SNS::Subscription",
            "Condition": "MailsAlarms",
            "Properties": {"TopicArn": {"Ref": "AlarmTopic"}, "Protocol": "email", "Endpoint": {"Ref": "AlarmEmail"}},
        },
        "ErrorsAlarm": _alarm(
            "A function crashed or ran out of time. Counted for the account. A job that fails does not count here.",
            "AWS/Lambda", "Errors", [], threshold=1,
        ),
        "ThrottlesAlarm": _alarm(
            "Functions were not run: the account, or a function, has no concurrency left. Counted for the account.",
            "AWS/Lambda", "Throttles", [], threshold=1,
        ),
        "GatewayErrorsAlarm": _alarm(
            "Requests were answered with 500 or above.",
            _by_edge("AWS/ApiGateway", "AWS/Lambda"), _by_edge("5xx", "Url5xxCount"), EDGE, threshold=5,
        ),
        "BusyAlarm": _alarm(
            "Tables had no room for requests, which were answered with 503, or for jobs.",
            NAMESPACE, "Busy", STAGE, threshold=20,
        ),
        "JobsGivenUpAlarm": _given_up(),
        "Budget": _budget(),
        "Dashboard": {
            "Type": "AWS::CloudWatch::Dashboard",
            "Properties": {
                "DashboardName": {"Fn::Sub": "kenoma-${Stage}"},
                "DashboardBody": {"Fn::Sub": [
                    _dashboard(functions, list(queues), list(tables)),
                    {name: _by_edge(*words) for name, words in ON_THE_DASHBOARD.items()},
                ]},
            },
        },
    }


def _given_up() -> Template:
    """Each sweep writes how many jobs it gave up, none too. So the alarm watches the sweep itself."""
    alarm = _alarm(
        "The sweep gave up a job that never succeeded, or has not run for ten minutes.",
        NAMESPACE, "JobsGivenUp", STAGE, threshold=1,
    )
    alarm["Properties"] |= {"Period": 600, "TreatMissingData": "breaching"}
    return alarm


def _budget() -> Template:
    """It is free, and up to a day late."""
    def told(kind: str, percent: int) -> Template:
        return {
            "Notification": {"NotificationType": kind, "ComparisonOperator": "GREATER_THAN", "Threshold": percent,
                             "ThresholdType": "PERCENTAGE"},
            "Subscribers": [{"SubscriptionType": "EMAIL", "Address": {"Ref": "BudgetEmail"}}],
        }

    return {
        "Type": "AWS::Budgets::Budget", "Condition": "HasBudget",
        "Properties": {
            "Budget": {
                "BudgetType": "COST", "TimeUnit": "MONTHLY",
                "BudgetLimit": {"Amount": {"Ref": "BudgetDollars"}, "Unit": "USD"},
            },
            "NotificationsWithSubscribers": [told("ACTUAL", 80), told("FORECASTED", 100)],
        },
    }


def _by_edge(gateway: Any, url: Any) -> Template:
    return {"Fn::If": ["ByGateway", gateway, url]}


def _alarm(told: str, namespace: Any, metric: Any, dimensions: Any, *, threshold: int) -> Template:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmDescription": told, "Namespace": namespace, "MetricName": metric,
            **({"Dimensions": dimensions} if dimensions else {}),
            "Statistic": "Sum", "Period": 300, "EvaluationPeriods": 1, "Threshold": threshold,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold", "TreatMissingData": "notBreaching",
            "AlarmActions": [TOPIC],
        },
    }


def _dashboard(functions: list[Function], queues: list[str], tables: list[str]) -> str:
    edge = ["${EdgeSpace}", "{}", "${EdgeBy}", "${EdgeId}"]
    rows = [
        [
            _graph("Requests", [_metric(edge, "${EdgeCount}", "Sum"), _metric(edge, "${Edge4xx}", "Sum"),
                                _metric(edge, "${Edge5xx}", "Sum")]),
            _graph("Milliseconds of a request", [_metric(edge, "${EdgeMs}", "p50"), _metric(edge, "${EdgeMs}", "p95"),
                                                 _metric(edge, "${EdgeMs}", "p99")]),
            _graph("Running at once", _of_functions(functions, "ConcurrentExecutions", "Maximum")),
        ],
        [
            _graph("Milliseconds of a function, p95", _of_functions(functions, "Duration", "p95")),
            _graph("Crashed or out of time", _of_functions(functions, "Errors", "Sum")),
            _graph("Not run", _of_functions(functions, "Throttles", "Sum")),
        ],
        [
            _graph("Messages waiting", _of_queues(queues, "ApproximateNumberOfMessagesVisible", "Maximum")),
            _graph("Seconds the oldest waits", _of_queues(queues, "ApproximateAgeOfOldestMessage", "Maximum")),
            _graph("Messages set aside", _of_queues(["DeadQueue"], "ApproximateNumberOfMessagesVisible", "Maximum")),
        ],
        [
            _graph("Read units", _of_tables(tables, "ConsumedReadCapacityUnits")),
            _graph("Write units", _of_tables(tables, "ConsumedWriteCapacityUnits")),
            _graph("Throttled by a table", [*_of_tables(tables, "ReadThrottleEvents"),
                                            *_of_tables(tables, "WriteThrottleEvents")]),
        ],
        [
            _graph("Milliseconds of a request, by group, p95", _ours("Latency", "p95")),
            _graph("Calls to DynamoDB and their rounds, of a request", [*_ours("Calls", "Average"),
                                                                        *_ours("Rounds", "Average")]),
            _graph("Too busy, failed, given up", [*_ours("Busy", "Sum"), *_ours("JobsFailed", "Sum"),
                                                  *_ours("JobsGivenUp", "Sum"), *_ours("DeliveriesFailed", "Sum")]),
        ],
    ]
    widgets = [{"type": "metric", "x": 8 * column, "y": 6 * line, "width": 8, "height": 6, "properties": graph}
               for line, row in enumerate(rows) for column, graph in enumerate(row)]
    return json.dumps({"widgets": widgets}, separators=(",", ":"))


def _graph(title: str, metrics: list[list[Any]]) -> Template:
    return {"title": title, "region": "${AWS::Region}", "period": 300, "metrics": metrics}


def _metric(of: list[str], name: str, statistic: str) -> list[Any]:
    namespace, _, *dimensions = of
    return [namespace, name, *dimensions, {"stat": statistic}]


def _ours(name: str, statistic: str) -> list[list[Any]]:
    """A metric of our own, once for each value of its dimension."""
    metric = METRICS[name]
    return [[NAMESPACE, name, "Stage", "${Stage}", *([metric.by, of] if of else []), {"stat": statistic}]
            for of in metric.of]


def _of_functions(functions: list[Function], name: str, statistic: str) -> list[list[Any]]:
    return [["AWS/Lambda", name, "FunctionName", f"kenoma-${{Stage}}-{function.name}", {"stat": statistic}]
            for function in functions]


def _of_queues(queues: list[str], name: str, statistic: str) -> list[list[Any]]:
    return [["AWS/SQS", name, "QueueName", f"${{{queue}.QueueName}}", {"stat": statistic}] for queue in queues]


def _of_tables(tables: list[str], name: str) -> list[list[Any]]:
    return [["AWS/DynamoDB", name, "TableName", f"${{{table}}}", {"stat": "Sum"}] for table in tables]
