"""As much of Airflow as it takes to read a DAG and print what its tasks would run."""
import atexit
import json

TASKS = []


class DAG:
    def __init__(self, **settings):
        self.settings = settings
        self.dag_id = settings["dag_id"]

    def __enter__(self):
        DAG.current = self
        return self

    def __exit__(self, *failure):
        return False


def _print():
    run = DAG.current
    macro = run.settings["user_defined_macros"]["request_id"]
    print(json.dumps([dict(task, request_id=macro(run.dag_id + "scheduled__1")) for task in TASKS]))


atexit.register(_print)
