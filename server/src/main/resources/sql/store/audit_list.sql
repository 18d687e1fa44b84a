-- Newest first. A filter that is NULL lets everything through; the last two parameters before the limit are the key of the
-- row before.
SELECT audit_id, at, actor, verified, method, request_id, target, summary, outcome, reason, message
  FROM caretaker.audit
 WHERE string_to_array(target, ',') @> array_remove(ARRAY[CAST(? AS text)], NULL)
   AND actor = coalesce(CAST(? AS text), actor)
   AND method = coalesce(CAST(? AS text), method)
   AND outcome = coalesce(CAST(? AS text), outcome)
   AND caretaker.audit_words(summary) @> array_remove(ARRAY[CAST(? AS text)], NULL)
   AND at >= coalesce(CAST(? AS timestamptz), '-infinity')
   AND at < coalesce(CAST(? AS timestamptz), 'infinity')
   AND (at, audit_id) < (coalesce(CAST(? AS timestamptz), 'infinity'), coalesce(CAST(? AS bigint), 9223372036854775807))
 ORDER BY at DESC, audit_id DESC
 LIMIT ?
