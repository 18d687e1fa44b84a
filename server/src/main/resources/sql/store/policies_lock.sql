-- One change of policies at a time, readers welcome.
LOCK TABLE caretaker.policy IN SHARE ROW EXCLUSIVE MODE
