#!/usr/bin/python3
"""Plans the retention cleanup of a target over gRPC and runs exactly that plan, by Debian's grpcio.

    apt install python3-grpcio protobuf-compiler-grpc libprotobuf-dev
    protoc -I proto/src/main/protobuf --python_out=. --grpc_out=. --plugin=protoc-gen-grpc=/usr/bin/grpc_python_plugin \
        proto/src/main/protobuf/caretaker/v1/*.proto
    PYTHONPATH=. CARETAKER_SERVER=127.0.0.1:7420 grpc_cleanup.py TARGET

Exit codes: 0 complete, 1 failed or refused, 7 partial: those of `caretaker execute`.
"""
import os
import sys
import uuid

import grpc
from caretaker.v1 import maintenance_service_pb2 as api
from caretaker.v1 import maintenance_service_pb2_grpc as services
from caretaker.v1 import run_pb2

EXIT_CODES = {"COMPLETE": 0, "DEADLINE": 7, "PINNED": 7, "RESIDUAL": 7}


def main():
    token = os.environ.get("CARETAKER_TOKEN")
    metadata = [("authorization", "Bearer " + token)] if token else []
    # A request has an id of its own; the last digit tells the two of a job apart.
    job = (os.environ.get("CARETAKER_REQUEST_ID") or str(uuid.uuid4()))[:-1]
    with grpc.insecure_channel(os.environ.get("CARETAKER_SERVER", "127.0.0.1:7420")) as channel:
        maintenance = services.MaintenanceServiceStub(channel)
        try:
            plan = maintenance.PlanCleanup(
                api.PlanCleanupRequest(request_id=job + "0", target=sys.argv[1]), metadata=metadata).plan
            run = api.ExecuteCleanupRequest(request_id=job + "1", plan_id=plan.plan_id, etag=plan.etag)
            for message in maintenance.ExecuteCleanup(run, metadata=metadata):
                if message.event.HasField("finished"):
                    finished = message.event.finished
                    outcome = run_pb2.RunOutcome.Name(finished.outcome).replace("RUN_OUTCOME_", "")
                    print(f"{outcome}: {finished.totals.rows_deleted} rows deleted, run {message.event.run_id}")
                    sys.exit(EXIT_CODES.get(outcome, 1))
        except grpc.RpcError as refused:
            sys.exit(f"{refused.code().name}: {refused.details()}")


if __name__ == "__main__":
    main()
