SELECT rule, channel, upto, clock_timestamp() AS now FROM caretaker.digest
