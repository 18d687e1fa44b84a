-- What entries of the audit are about: the values of their summaries, of which some hold several names. Longer ones are texts,
-- and would not fit into the index.
CREATE FUNCTION caretaker.audit_words(summary jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(word), '{}')
      FROM jsonb_each_text(summary) pair, unnest(string_to_array(pair.value, ',')) word
     WHERE octet_length(word) <= 255
$$;

CREATE INDEX audit_about ON caretaker.audit USING gin (caretaker.audit_words(summary));
CREATE INDEX audit_actor ON caretaker.audit (actor, at);
