-- id: configuration-file
-- title: A configuration file that became bad
-- category: configuration
-- severity: warning
-- confidence: certain
-- impact: none
-- reads: primary
-- quotes: yes
-- meaning: A file that Caretaker's configuration names (bearer tokens, a password, the certificate that callers see, the URL,
--   secret or authority of a notification channel) was good when this server started and cannot be used as it is now: it is
--   gone, may not be read, is empty, has lines that say nothing, holds no URL or secret, or its certificate expires within two
--   weeks.
-- remedy: Mend the file. All but the certificate are read again by themselves, the certificate when the server starts. A tokens
--   file has lines of "name: sha256-of-the-token" in hex.
SELECT 'configuration' AS object_kind,
       f.key AS object_name,
       format('The file of %s has become bad: %s.', f.key, f.problem) AS message,
       jsonb_build_object('key', f.key, 'problem', f.problem) AS evidence
FROM jsonb_to_recordset(CAST(:bad_files AS jsonb)) AS f (key text, problem text)
