-- Has nobody make or change an extension in the database any more, not even one that is trusted: its script would run as the superuser
-- who initialized the server, and its functions would be none of those that were confined. Statements by which a restore asks for one
-- that is there, or that this machine does not have, are left to the server, which then runs no script; current_query() is what the
-- client sent, whatever function is at work. In pg_catalog, so that it goes with no schema of the backup and is not compared.
CREATE FUNCTION pg_catalog.caretaker_refuse_extension() RETURNS event_trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $f$
DECLARE
    form CONSTANT text := 'CREATE EXTENSION IF NOT EXISTS ';
    asked CONSTANT text := pg_catalog.current_query();
    wanted text;
BEGIN
    IF tg_tag = 'CREATE EXTENSION' AND pg_catalog.starts_with(asked, form) THEN
        wanted := (pg_catalog.parse_ident(pg_catalog.substr(asked, pg_catalog.length(form) + 1), false))[1];
        IF EXISTS (SELECT FROM pg_catalog.pg_extension e WHERE e.extname = wanted)
           OR NOT EXISTS (SELECT FROM pg_catalog.pg_available_extensions a WHERE a.name = wanted) THEN
            RETURN;
        END IF;
    END IF;
    RAISE EXCEPTION 'permission denied: extensions are made before anything else is here'
        USING ERRCODE = 'insufficient_privilege';
END $f$;
CREATE EVENT TRIGGER caretaker_refuse_extension ON ddl_command_start WHEN TAG IN ('CREATE EXTENSION', 'ALTER EXTENSION')
    EXECUTE FUNCTION pg_catalog.caretaker_refuse_extension();
ALTER EVENT TRIGGER caretaker_refuse_extension ENABLE ALWAYS
