package dev.caretaker.server.target;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether two targets are one database under two names: of one cluster, by its system identifier, and with one oid in it. Asks each at
 * most once in ten minutes, and one that does not answer at most once in a minute. One that refuses to answer is told of in the log,
 * once as long as it does so for the same reason: what works there under another name is not waited for.
 */
@Singleton
public final class SameDatabase {
    private static final Logger LOG = LoggerFactory.getLogger(SameDatabase.class);
    /** It may come back, or this server has no such target: nothing of ours reads there either. */
    private static final Set<Reason> AWAY = EnumSet.of(Reason.TARGET_UNREACHABLE, Reason.TARGET_NOT_FOUND);

    private static final Duration KNOWN_FOR = Duration.ofMinutes(10);
    private static final Duration UNKNOWN_FOR = Duration.ofMinutes(1);

    private final Targets targets;
    private final Map<String, Look> looks = new ConcurrentHashMap<>();

    SameDatabase(Targets targets) {
        this.targets = targets;
    }

    /** Copies of a data directory have the same identifier and oids, but each server was started at a time of its own. */
    private record Identity(long systemIdentifier, long databaseOid, long started) {}

    /** @param refusal why it could not be told what will not be over by itself; empty if it was told, or the target is away */
    private record Look(Optional<Identity> identity, String refusal, long nanos) {
        boolean isFresh() {
            Duration lasts = identity.isPresent() ? KNOWN_FOR : UNKNOWN_FOR;
            return System.nanoTime() - nanos < lasts.toNanos();
        }

        /** Whether it may say something else by now than it did: what did not answer is taken at that. */
        boolean isOutdated() {
            return identity.isPresent() && !isFresh();
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

    /**
     * The same as far as it is known, without asking anybody anything, for who holds locks. Empty if one of them has not been asked yet, or
     * may have become another since.
     */
    public Optional<Boolean> known(String target, String other) {
        if (target.equals(other)) {
            return Optional.of(true);
        }
        Look here = looks.get(target);
        if (here == null || here.isOutdated()) {
            return Optional.empty();
        }
        if (here.identity().isEmpty()) {
            return Optional.of(false);
        }
        Look there = looks.get(other);
        return there == null || there.isOutdated()
                ? Optional.empty()
                : Optional.of(here.identity().equals(there.identity()));
    }

    private Optional<Identity> identity(String target) {
        Look known = looks.get(target);
        if (known == null || !known.isFresh()) {
            Look now = ask(target);
            if (!now.refusal().isEmpty() && (known == null || !known.refusal().equals(now.refusal()))) {
                LOG.warn(
                        "what works at target {} under another name is not seen, and not waited for: {}",
                        target,
                        now.refusal());
            }
            looks.put(target, now);
            return now.identity();
        }
        return known.identity();
    }

    private Look ask(String target) {
        try {
            Identity identity = targets.get(target)
                    .withPrimary(connection -> Sql.of(
                                    "SELECT (SELECT system_identifier FROM pg_catalog.pg_control_system()),"
                                            + " CAST(oid AS bigint),"
                                            + " CAST(extract(epoch FROM pg_catalog.pg_postmaster_start_time())"
                                            + " * 1000000 AS bigint)"
                                            + " FROM pg_catalog.pg_database"
                                            + " WHERE datname = pg_catalog.current_database()")
                            .one(connection, row -> new Identity(row.getLong(1), row.getLong(2), row.getLong(3))));
            return new Look(Optional.of(identity), "", System.nanoTime());
        } catch (CaretakerException e) {
            return new Look(Optional.empty(), AWAY.contains(e.reason()) ? "" : e.getMessage(), System.nanoTime());
        }
    }
}
