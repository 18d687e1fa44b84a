SELECT DISTINCT target FROM caretaker.backup WHERE state = 'STORED' ORDER BY target
