package dev.caretaker.server.target;

import dev.caretaker.server.error.CaretakerException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether two targets are one database under two names: of one cluster, by its system identifier, and with one oid in it. Asks each at
 * most once in ten minutes, and one that does not answer at most once in a minute.
 */
@Singleton
public final class SameDatabase {
    private static final Duration KNOWN_FOR = Duration.ofMinutes(10);
    private static final Duration UNKNOWN_FOR = Duration.ofMinutes(1);

    private final Targets targets;
    private final Map<String, Look> looks = new ConcurrentHashMap<>();

    SameDatabase(Targets targets) {
        this.targets = targets;
    }

    /** Copies of a data directory have the same identifier and oids, but each server was started at a time of its own. */
    private record Identity(long systemIdentifier, long databaseOid, long started) {}

    private record Look(Optional<Identity> identity, long nanos) {
        boolean isFresh() {
            Duration lasts = identity.isPresent() ? KNOWN_FOR : UNKNOWN_FOR;
            return System.nanoTime() - nanos < lasts.toNanos();
        }
    }

    /** False if one of them cannot be asked: then nothing of ours reads there either. */
    public boolean is(String target, String other) {
        if (target.equals(other)) {
            return true;
        }
        Optional<Identity> here = identity(target);
        return here.isPresent() && here.equals(identity(other));
    }

    private Optional<Identity> identity(String target) {
        Look known = looks.get(target);
        if (known == null || !known.isFresh()) {
            known = new Look(ask(target), System.nanoTime());
            looks.put(target, known);
        }
        return known.identity();
    }

    private Optional<Identity> ask(String target) {
        try {
            return Optional.of(targets.get(target)
                    .withPrimary(connection -> Sql.of(
                                    "SELECT (SELECT system_identifier FROM pg_catalog.pg_control_system()),"
                                            + " CAST(oid AS bigint),"
                                            + " CAST(extract(epoch FROM pg_catalog.pg_postmaster_start_time())"
                                            + " * 1000000 AS bigint)"
                                            + " FROM pg_catalog.pg_database"
                                            + " WHERE datname = pg_catalog.current_database()")
                            .one(connection, row -> new Identity(row.getLong(1), row.getLong(2), row.getLong(3)))));
        } catch (CaretakerException e) {
            return Optional.empty();
        }
    }
}
