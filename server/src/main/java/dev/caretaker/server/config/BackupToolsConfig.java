package dev.caretaker.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Programs that make backups, under {@code caretaker.backups}, and what is expected of the backups of targets.
 *
 * @param postgresBin folders in which pg_dump and pg_restore are looked for before all others
 * @param programs where a tool is, of those that are not to be looked for on the path
 * @param timeout longest that a tool may take to tell what it has
 * @param targets by name; those of which nothing is said are left out
 */
public record BackupToolsConfig(
        List<Path> postgresBin, Map<Tool, Path> programs, Duration timeout, Map<String, OfTarget> targets) {
    static final String POSTGRES_BIN = "backups.postgres-bin";
    static final String TIMEOUT = "backups.tool-timeout";

    /** Its keys below {@code caretaker}. */
    static final Set<String> KEYS =
            Set.of(POSTGRES_BIN, TIMEOUT, Tool.PGBACKREST.key(), Tool.BARMAN.key(), Tool.WAL_G.key());

    static final String EXPECT_WITHIN = "backups.expect-within";
    static final String EXPECT_VERIFIED_WITHIN = "backups.expect-verified-within";
    static final String KEEP = "backups.keep";
    static final String KEEP_LAST = "backups.keep-last";
    static final String STANZA = "backups.pgbackrest-stanza";
    static final String BARMAN_SERVER = "backups.barman-server";

    /** Nothing but defaults. */
    public static final BackupToolsConfig DEFAULT =
            new BackupToolsConfig(List.of(), Map.of(), Duration.ofSeconds(30), Map.of());

    /** What is said of a target. */
    public OfTarget of(String target) {
        return targets.getOrDefault(target, OfTarget.NOTHING);
    }

    /** Who makes physical backups, apart from Caretaker. */
    public enum Tool {
        PGBACKREST("pgbackrest"),
        BARMAN("barman"),
        WAL_G("wal-g");

        private final String program;

        Tool(String program) {
            this.program = program;
        }

        /** Its name on the path. */
        public String program() {
            return program;
        }

        String key() {
            return "backups." + program;
        }

        String configKey() {
            return "backups." + program + "-config";
        }
    }

    /**
     * What is said of one target.
     *
     * @param expectWithin age from which its newest backup is too old
     * @param expectVerifiedWithin the same of the newest that was verified
     * @param keep how long Caretaker's own backups of it are kept that say nothing of that themselves
     * @param keepLast as long as there are fewer newer ones, they are kept as well
     * @param sources who else makes backups of it
     */
    public record OfTarget(
            Optional<Duration> expectWithin,
            Optional<Duration> expectVerifiedWithin,
            Optional<Duration> keep,
            Optional<Integer> keepLast,
            List<Source> sources) {
        static final OfTarget NOTHING =
                new OfTarget(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());
    }

    /**
     * A tool that makes backups of a target.
     *
     * @param name its stanza, or server, of that target; empty with WAL-G, whose configuration is of one server
     * @param configuration file that it is to read, instead of the one that it finds itself
     */
    public record Source(Tool tool, String name, Optional<Path> configuration) {}
}
