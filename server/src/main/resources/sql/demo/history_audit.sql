INSERT INTO caretaker.audit (actor, verified, method, target, summary, outcome)
VALUES ('demo', true, 'MakeUpHistory', 'demo',
        '{"reason": "Growth of five weeks and what became of schedules for a week are made up by the demo."}', 'OK')
