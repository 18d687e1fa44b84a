SELECT EXISTS (SELECT FROM caretaker.finding WHERE target = ?) AS known
