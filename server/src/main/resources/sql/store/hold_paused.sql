UPDATE caretaker.hold SET paused_runs = paused_runs || CAST(? AS uuid) WHERE hold_id = ? AND NOT CAST(? AS uuid) = ANY (paused_runs)
