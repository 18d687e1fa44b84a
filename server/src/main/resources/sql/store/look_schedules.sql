SELECT target, schedule AS name, succeeded AS at FROM caretaker.schedule_line WHERE succeeded IS NOT NULL
