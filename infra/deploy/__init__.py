"""From the checkout to CloudFormation: what is deployed, and how it is put together.

    package.py       `make package`: runs `chalice package` with the merged template, then trims and minifies
    template.py      the template that is merged: `infra/resources.json` and all that exists only when deployed
    functions.py     names, logs, environment and event sources of the functions
    policies.py      what each function may do
    gateway.py       what calls the function of the API: an HTTP API with one route, or the function's own URL
    edge.py          the CDN in front: address, files of the bucket, headers, what it keeps
    cdn_functions.py what the CDN runs itself, in JavaScript (before_the_api.js)
    observation.py   alarms, the dashboard and the budget
    secrets.py       the keys in the parameter store, made once
    restore.py       tables as they were at some second of the last 35 days
    deliver.py       `make deploy`: hands the package to CloudFormation
    artifact.py      `trim(folder)`: makes `deployment.zip` in that folder small and fast to start
"""
