-- The trace that a run belongs to and the span in it that caused the run, as in the header traceparent of W3C Trace Context; the
-- span is zero for a run that begins its trace.
ALTER TABLE caretaker.run ADD COLUMN traceparent text;

-- That nobody but a person is to execute it, since it removes far more than usual for a policy.
ALTER TABLE caretaker.plan ADD COLUMN waits_since timestamptz, ADD COLUMN waits_policy text;
