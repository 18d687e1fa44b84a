import airflow


class BashOperator:
    def __init__(self, task_id, bash_command, env, **settings):
        airflow.TASKS.append({"task_id": task_id, "bash_command": bash_command, "env": env})
