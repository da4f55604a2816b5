"""What AWS asks for, what is free of it, and what is assumed about an instance and those who use it."""

from __future__ import annotations

MILLION = 1_000_000

PRICES_OF = "us-east-1, as listed in 2025"
PRICES = {  # dollars
    "read unit": 0.125 / MILLION, "write unit": 0.625 / MILLION, "table GB": 0.25, "recovery GB": 0.20,
    "gateway request": 1.00 / MILLION, "CDN request": 1.00 / MILLION, "CDN function run": 0.10 / MILLION,
    "CDN GB": 0.085, "invocation": 0.20 / MILLION, "GB-second": 0.0000133334, "queue request": 0.40 / MILLION,
    "log GB": 0.50, "alarm": 0.10, "metric": 0.30, "file GB": 0.023, "letter": 0.10 / 1000,
    "socket message": 1.00 / MILLION, "socket minute": 0.25 / MILLION,
}
FREE = {  # each month, as long as the account exists
    "invocation": 1_000_000, "GB-second": 400_000, "queue request": 1_000_000, "CDN request": 10_000_000,
    "CDN function run": 2_000_000, "CDN GB": 1000, "log GB": 5, "alarm": 10, "metric": 10, "table GB": 25,
}
NOT_PAID = {"http-api": frozenset[str](), "function-url": frozenset({"gateway request"})}
"""What an edge has no price for."""
ASSUMED = {
    "milliseconds for each round of calls": 5.0,
    "share of a processor that 1024 MB bring": 0.58,
    "bytes logged as metrics for each request": 60,
    "requests that find no process, of a thousand": 2,
    "seconds of a processor that a process takes to start": 0.3,
    "long polls that Lambda keeps open for each queue": 2,
    "seconds that a long poll lasts": 20,
    "milliseconds of a sweep that finds nothing": 40,
    "seconds until the slowest of ten other servers answers": 1.0,
}
LISTENING = {
    "share of polls that sockets make needless": 0.9,
    "sockets of somebody in a day": 2,
    "minutes that one is open": 45,
    "minutes between two heartbeats": 8,
    "events of somebody in a day that followers hear": 6,
    "followers who listen then": 3,
    "other events of somebody in a day": 25,
    "people who listen then": 0.1,
    "read units of an event": 10,
    "read units for each who listens": 4,
    "milliseconds of an event": 40,
    "milliseconds for each who listens": 3,
    "GB of memory of the function that sends": 1.73,
    "milliseconds of opening, changing or closing a socket": 40,
    "write units of a socket, its opening and its end": 6,
    "write units of a heartbeat": 4,
    "read units of a heartbeat": 2,
}
"""What is assumed of streaming. Units and times are those of the tests; nothing of it was measured on AWS."""
MOST_POLLS = 5
"""With so many Lambda starts, and it stays there for a function with `MaximumConcurrency`."""
MEMORY_GB = {"api_handler": 1.0, "jobs": 0.5, "sweep": 0.25}
HOURS = 730
DAYS = 30
# A day of somebody who has a web client open for an hour and a half. It polls twice each ten seconds.
DAY = {
    "poll of home, nothing new": 540, "poll of notifications, nothing new": 540,
    "home, 20": 60, "notifications, 20": 30, "one status": 20, "context of 12": 15, "account's statuses, 20": 20,
    "relationships, 40": 10, "post, 31 followers": 3, "reblog, no followers": 3, "favourite": 8, "react": 5,
    "chat message": 4,
}
STORED_BY_A_USER = {"GB": 0.0017, "kept": 0.6}  # in a month, and the share that has not expired after ninety days
