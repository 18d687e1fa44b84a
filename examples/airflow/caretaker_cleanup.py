"""The nightly retention cleanup of the target "shop" as a DAG; ../python/cleanup.py lies beside it as cleanup.py.

CARETAKER_URL and, where callers must prove who they are, CARETAKER_TOKEN are in the worker's environment.
"""
from datetime import datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from airflow import DAG
from airflow.operators.bash import BashOperator

SCRIPT = Path(__file__).with_name("cleanup.py")

with DAG(
    dag_id="caretaker_cleanup_shop",
    schedule="0 2 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    user_defined_macros={"request_id": lambda run: str(uuid5(NAMESPACE_URL, run))},
) as dag:
    BashOperator(
        task_id="cleanup",
        # Done in part (7) is no failure: the next night goes on.
        bash_command=f"python3 {SCRIPT} shop || [ $? = 7 ]",
        # A retry attaches to the run that the first attempt started.
        env={"CARETAKER_REQUEST_ID": "{{ request_id(dag.dag_id + run_id) }}"},
        append_env=True,
        retries=3,
        retry_delay=timedelta(minutes=5),
    )
