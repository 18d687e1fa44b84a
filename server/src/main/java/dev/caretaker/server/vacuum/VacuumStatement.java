package dev.caretaker.server.vacuum;

import dev.caretaker.server.run.StatementStep;
import dev.caretaker.server.run.VacuumOptions;
import dev.caretaker.server.run.VacuumOptions.Verb;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Capabilities;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes VACUUM, ANALYZE and REPACK, and makes the settings that belong to them. */
final class VacuumStatement {
    private static final double NANOS_A_MILLISECOND = 1_000_000.0;

    private VacuumStatement() {}

    /**
     * The statement. Where the server has ONLY, it names it, so that nothing below the table is touched unasked.
     *
     * @param inUse whether other sessions use the table: then its end is not truncated unless asked for
     */
    static String sql(VacuumOptions options, TableName table, Capabilities server, boolean inUse) {
        String name = (server.canVacuumOnly() ? "ONLY " : "") + Identifiers.quote(table);
        List<String> words = new ArrayList<>();
        return switch (options.verb()) {
            case ANALYZE -> {
                shared(options, words);
                yield "ANALYZE " + (words.isEmpty() ? "" : "(" + String.join(", ", words) + ") ") + name;
            }
            case VACUUM -> {
                if (options.freeze()) {
                    words.add("FREEZE");
                }
                options.parallel().ifPresent(workers -> words.add("PARALLEL " + workers));
                options.indexCleanup().ifPresent(cleanup -> words.add("INDEX_CLEANUP " + cleanup));
                if (options.truncate().isPresent() || inUse) {
                    words.add("TRUNCATE " + (options.truncate().orElse(false) ? "ON" : "OFF"));
                }
                yield vacuum(options, words, name);
            }
            case FULL -> {
                words.add("FULL");
                if (options.freeze()) {
                    words.add("FREEZE");
                }
                yield vacuum(options, words, name);
            }
            case REPACK -> {
                words.add("CONCURRENTLY");
                if (options.analyze()) {
                    words.add("ANALYZE");
                }
                yield "REPACK (" + String.join(", ", words) + ") " + Identifiers.quote(table);
            }
        };
    }

    private static String vacuum(VacuumOptions options, List<String> words, String name) {
        options.processToast().ifPresent(toast -> words.add("PROCESS_TOAST " + (toast ? "ON" : "OFF")));
        shared(options, words);
        if (options.analyze()) {
            words.add("ANALYZE");
        }
        return "VACUUM " + (words.isEmpty() ? "" : "(" + String.join(", ", words) + ") ") + name;
    }

    private static void shared(VacuumOptions options, List<String> words) {
        if (options.skipLocked()) {
            words.add("SKIP_LOCKED");
        }
        options.bufferUsageLimitKb().ifPresent(kilobytes -> words.add("BUFFER_USAGE_LIMIT '" + kilobytes + " kB'"));
    }

    /** Settings that the statement has no words for. The session is the step's own and ends with it. */
    static void prepare(Session session, VacuumOptions options) throws SQLException {
        if (options.costDelay().isPresent()) {
            set(session, "vacuum_cost_delay", milliseconds(options.costDelay().get()));
        }
        if (options.costLimit().isPresent()) {
            set(session, "vacuum_cost_limit", options.costLimit().get().toString());
        }
        if (options.aggressive()) {
            set(session, "vacuum_freeze_table_age", "0");
            set(session, "vacuum_multixact_freeze_table_age", "0");
        }
    }

    /**
     * How it gives way to others. VACUUM and ANALYZE by the server's cost delay, unless somebody has chosen one, for the request or
     * for the role. What rewrites a table has no delay; it does without parallel workers.
     */
    static StatementStep.Gentle gentle(Session session, VacuumOptions options) throws SQLException {
        if (options.verb() == Verb.FULL || options.verb() == Verb.REPACK) {
            return StatementStep.Gentle.ALONE;
        }
        boolean chosen = options.costDelay().isPresent()
                || Sql.of("SELECT pg_catalog.current_setting('vacuum_cost_delay') OPERATOR(pg_catalog.<>) '0'")
                        .one(session.connection(), row -> row.getBoolean(1));
        if (chosen) {
            return StatementStep.Gentle.NOT;
        }
        Map<String, String> settings = new LinkedHashMap<>(StatementStep.Gentle.BY_COST.settings());
        if (options.costLimit().isPresent()) {
            settings.remove("vacuum_cost_limit");
        }
        if (options.parallel().isEmpty()) {
            settings.put("max_parallel_maintenance_workers", "0");
        }
        return new StatementStep.Gentle(settings, StatementStep.Gentle.BY_COST.delay());
    }

    private static String milliseconds(Duration delay) {
        return delay.toNanos() / NANOS_A_MILLISECOND + "ms";
    }

    private static void set(Session session, String name, String value) throws SQLException {
        Sql.of("SELECT pg_catalog.set_config(?, ?, false)", name, value)
                .one(session.connection(), row -> row.getString(1));
    }
}
