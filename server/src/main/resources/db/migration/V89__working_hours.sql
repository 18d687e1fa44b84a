-- A run may have several windows, some of which end it when they close.
UPDATE caretaker.run
   SET run_window = jsonb_build_array(jsonb_build_object('window', run_window, 'stops', false))
 WHERE run_window IS NOT NULL AND jsonb_typeof(run_window) = 'object';
