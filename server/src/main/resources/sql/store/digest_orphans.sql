-- Digests of rules and channels that no server has had for longer than that, and this one has not; and what they have gathered.
WITH gone AS (
    DELETE FROM caretaker.digest d
     WHERE d.seen < clock_timestamp() - ? * interval '1 millisecond'
       AND NOT EXISTS (SELECT FROM jsonb_to_recordset(CAST(? AS jsonb)) AS k (rule text, channel text)
                        WHERE k.rule = d.rule AND k.channel = d.channel)
    RETURNING d.rule, d.channel)
DELETE FROM caretaker.gathered g
 USING gone
 WHERE g.digest AND g.message_id IS NULL AND g.rule = gone.rule AND g.channel = gone.channel
