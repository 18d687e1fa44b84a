SELECT target, name FROM caretaker.policy
