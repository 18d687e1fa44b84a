package dev.caretaker.server.detect;

import dev.caretaker.server.detect.Check.Subject;
import dev.caretaker.server.detect.PolicyFacts.PolicyFact;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.postgresql.util.PGobject;

/** What checks get to know that is not in the target's primary; each is fetched once, when first asked for. */
final class Feeds {
    private final Once<List<PolicyFact>> policies;
    private final Once<String> history;
    private final Once<Optional<String>> replicaIndexScans;
    private final Once<String> partitionSets;
    private final Once<String> conversions;
    private final Once<String> debts;
    private final Once<String> badFiles;
    private final Once<String> schedules;
    private final Once<String> notifications;
    private final Once<String> growth;
    private final Once<String> archives;
    private final Once<String> backups;

    /**
     * Feeds that take their time only when used.
     *
     * @param history earlier sizes of tables, a JSON array; see {@link Samples}
     * @param replicaIndexScans {@code scans} by index oid on the replica and {@code since} when, a JSON object; empty
     *     without a replica that answers
     * @param partitionSets what {@link PartitionSetFacts} tells
     * @param conversions what {@link ConversionFacts} tells
     * @param debts what runs have left at the target and is open, a JSON array of objects with run, kind, schema, object,
     *     message, answer, attempts, and since (ISO 8601)
     * @param badFiles what {@link ConfigurationFacts} tells, a JSON array of objects with key, problem
     * @param schedules what {@link ScheduleFacts} tells
     * @param notifications what {@link NotificationFacts} tells
     * @param growth what {@link GrowthFacts} tells
     * @param archives archives that are not stored, damaged, or verified longest ago, a JSON array of objects with archive,
     *     schema, relation, destination, state, rows, sealed and verified (ISO 8601), problem, fault
     * @param backups what {@link BackupFacts} tells
     */
    Feeds(
            Supplier<List<PolicyFact>> policies,
            Supplier<String> history,
            Supplier<Optional<String>> replicaIndexScans,
            Supplier<String> partitionSets,
            Supplier<String> conversions,
            Supplier<String> debts,
            Supplier<String> badFiles,
            Supplier<String> schedules,
            Supplier<String> notifications,
            Supplier<String> growth,
            Supplier<String> archives,
            Supplier<String> backups) {
        this.partitionSets = new Once<>(partitionSets);
        this.conversions = new Once<>(conversions);
        this.policies = new Once<>(policies);
        this.history = new Once<>(history);
        this.replicaIndexScans = new Once<>(replicaIndexScans);
        this.debts = new Once<>(debts);
        this.badFiles = new Once<>(badFiles);
        this.schedules = new Once<>(schedules);
        this.notifications = new Once<>(notifications);
        this.growth = new Once<>(growth);
        this.archives = new Once<>(archives);
        this.backups = new Once<>(backups);
    }

    /** Fetches what a check will ask for, so that it does not hold one connection while another is waited for. */
    void fetch(Check check) {
        Set<String> parameters = check.sql().parameters();
        if (parameters.contains("policies")
                || check.subject() == Subject.POLICY
                || check.subject() == Subject.TABLE_WITH_POLICIES) {
            policies.get();
        }
        if (parameters.contains("history")) {
            history.get();
        }
        if (parameters.contains("replica_index_scans")) {
            replicaIndexScans.get();
        }
        if (parameters.contains("partition_sets")) {
            partitionSets.get();
        }
        if (parameters.contains("conversions")) {
            conversions.get();
        }
        if (parameters.contains("debts")) {
            debts.get();
        }
        if (parameters.contains("bad_files")) {
            badFiles.get();
        }
        if (parameters.contains("schedules")) {
            schedules.get();
        }
        if (parameters.contains("notifications")) {
            notifications.get();
        }
        if (parameters.contains("growth")) {
            growth.get();
        }
        if (parameters.contains("archives")) {
            archives.get();
        }
        if (parameters.contains("backups")) {
            backups.get();
        }
    }

    List<PolicyFact> policies() {
        return policies.get();
    }

    /** Value of one of the parameters {@link CheckFile#FEEDS}, but for {@code locked}. */
    Object value(String name) {
        return switch (name) {
            case "policies" -> json(summaries(policies.get()));
            case "history" -> json(history.get());
            case "partition_sets" -> json(partitionSets.get());
            case "conversions" -> json(conversions.get());
            case "replica_index_scans" -> json(replicaIndexScans.get().orElse(null));
            case "debts" -> json(debts.get());
            case "bad_files" -> json(badFiles.get());
            case "schedules" -> json(schedules.get());
            case "notifications" -> json(notifications.get());
            case "growth" -> json(growth.get());
            case "archives" -> json(archives.get());
            case "backups" -> json(backups.get());
            default -> throw new IllegalArgumentException("no feed is named " + name);
        };
    }

    /** The policies as a JSON array. */
    static String summaries(List<PolicyFact> facts) {
        return facts.stream().map(PolicyFact::summary).collect(Collectors.joining(",", "[", "]"));
    }

    /** A jsonb value for the driver. */
    static PGobject json(String text) {
        try {
            PGobject value = new PGobject();
            value.setType("jsonb");
            value.setValue(text);
            return value;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Fetched by the first who asks; checks ask from several threads. */
    private static final class Once<T> {
        private Supplier<T> source;
        private T value;

        Once(Supplier<T> source) {
            this.source = source;
        }

        synchronized T get() {
            if (source != null) {
                value = source.get();
                source = null;
            }
            return value;
        }
    }
}
