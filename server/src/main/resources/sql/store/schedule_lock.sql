-- One change of schedules at a time, readers and the clock welcome.
LOCK TABLE caretaker.schedule, caretaker.calendar IN SHARE ROW EXCLUSIVE MODE
