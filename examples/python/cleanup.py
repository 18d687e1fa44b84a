#!/usr/bin/env python3
"""Plans the retention cleanup of a target and runs exactly that plan; needs nothing but Python's own library.

    CARETAKER_URL=http://127.0.0.1:7421 cleanup.py TARGET

CARETAKER_TOKEN is sent as a bearer token if it is set. With a UUID of the job in CARETAKER_REQUEST_ID a repeat of the job
attaches to the run that the first one started.
Exit codes: 0 complete, 1 failed or refused, 7 partial (deadline, pinned or residual rows): those of `caretaker execute`.
"""
import json
import os
import sys
import urllib.error
import urllib.request
import uuid

URL = os.environ.get("CARETAKER_URL", "http://127.0.0.1:7421")
TOKEN = os.environ.get("CARETAKER_TOKEN")
EXIT_CODES = {"COMPLETE": 0, "DEADLINE": 7, "PINNED": 7, "RESIDUAL": 7}


def call(method, message, lines=False):
    """Calls a method; the answer is a message, or with lines an iterator of those of a stream."""
    headers = {"Content-Type": "application/json"}
    if lines:
        headers["Accept"] = "application/x-ndjson"
    if TOKEN:
        headers["Authorization"] = "Bearer " + TOKEN
    request = urllib.request.Request(
        f"{URL}/caretaker.v1.{method}", json.dumps(message).encode(), headers)
    try:
        answer = urllib.request.urlopen(request)
    except urllib.error.HTTPError as refused:
        error = json.load(refused)
        reasons = [d["debug"]["reason"] for d in error.get("details", []) if "reason" in d.get("debug", {})]
        sys.exit(f"{error['code']} {' '.join(reasons)}: {error.get('message', '')}")
    return (json.loads(line) for line in answer) if lines else json.load(answer)


def main():
    target = sys.argv[1]
    # A request has an id of its own; the last digit tells the two of a job apart.
    job = (os.environ.get("CARETAKER_REQUEST_ID") or str(uuid.uuid4()))[:-1]
    plan = call("MaintenanceService/PlanCleanup", {"requestId": job + "0", "target": target})["plan"]
    run = {"requestId": job + "1", "planId": plan["planId"]}
    for message in call("MaintenanceService/ExecuteCleanup", run, lines=True):
        if "error" in message:
            sys.exit(message["error"]["message"])
        event = message["event"]
        if "finished" in event:
            outcome = event["finished"]["outcome"].removeprefix("RUN_OUTCOME_")
            print(f"{outcome}: {event['finished'].get('totals', {}).get('rowsDeleted', 0)} rows deleted, run {event['runId']}")
            sys.exit(EXIT_CODES.get(outcome, 1))


if __name__ == "__main__":
    main()
