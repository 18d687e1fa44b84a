package dev.caretaker.server.api.mapping;

import dev.caretaker.server.archive.ArchiveVerifyTerms;
import dev.caretaker.server.archive.VerifyLevel;
import dev.caretaker.server.archive.restore.RestoreOrder;
import dev.caretaker.server.cleanup.policy.Filter;
import dev.caretaker.server.cleanup.step.ArchivedFilter;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ArchiveStore;
import dev.caretaker.server.store.TableName;
import dev.caretaker.v1.ListArchivesRequest;
import dev.caretaker.v1.RestoreArchiveRequest;
import dev.caretaker.v1.ScheduledArchiveVerify;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Requests about archives. */
public final class ArchiveReader {
    private static final Duration USUAL_KEEP = Duration.ofDays(7);
    private static final Duration LONGEST_KEEP = Duration.ofDays(3_660);

    private ArchiveReader() {}

    /** Which archives to list. */
    public static ArchiveStore.Filter filter(Violations violations, ListArchivesRequest request) {
        Optional<TableName> table = request.hasTable()
                ? Optional.of(Names.read(violations, "table", request.getTable()))
                : Optional.empty();
        Optional<UUID> run = request.getRunId().isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(violations.uuid("run_id", request.getRunId()));
        return new ArchiveStore.Filter(
                text(request.getTarget()), table, text(request.getPolicy()), run, request.getIncludeDeleted());
    }

    /**
     * What a schedule verifies.
     *
     * @param policies of the message, as they were read
     */
    static ArchiveVerifyTerms terms(
            Violations violations, String path, ScheduledArchiveVerify message, List<String> policies) {
        Duration within = message.hasNotVerifiedWithin()
                ? Optional.ofNullable(Times.read(
                                violations,
                                path + ".not_verified_within",
                                message.getNotVerifiedWithin(),
                                ArchiveVerifyTerms.SHORTEST,
                                ArchiveVerifyTerms.LONGEST,
                                "at least one hour and at most 36,600 days"))
                        .orElse(ArchiveVerifyTerms.USUAL_WITHIN)
                : ArchiveVerifyTerms.USUAL_WITHIN;
        int most = message.getMost() == 0 ? ArchiveVerifyTerms.USUAL_MOST : message.getMost();
        violations.require(
                most >= 1 && most <= ArchiveVerifyTerms.LARGEST_MOST,
                path + ".most",
                "must be 1 to 10,000, or 0 for 100");
        return new ArchiveVerifyTerms(policies, within, most, level(violations, path + ".level", message.getLevel()));
    }

    /** READ_BACK for none. */
    public static VerifyLevel level(Violations violations, String path, dev.caretaker.v1.VerifyLevel level) {
        return switch (level) {
            case VERIFY_LEVEL_STORED -> VerifyLevel.STORED;
            case VERIFY_LEVEL_UNSPECIFIED, VERIFY_LEVEL_READ_BACK -> VerifyLevel.READ_BACK;
            case VERIFY_LEVEL_RESTORED -> VerifyLevel.RESTORED;
            case UNRECOGNIZED -> {
                violations.add(path, "is not a known one");
                yield VerifyLevel.READ_BACK;
            }
        };
    }

    /** A restore, which lacks only who asks for it. */
    public static Function<Actor, RestoreOrder> restore(Violations violations, RestoreArchiveRequest request) {
        UUID archive = violations.uuid("archive_id", request.getArchiveId());
        RestoreOrder.Into into = into(violations, request);
        Optional<Instant> from = request.hasFromTime()
                ? Optional.ofNullable(Times.read(violations, "from_time", request.getFromTime()))
                : Optional.empty();
        Optional<Instant> until = request.hasUntilTime()
                ? Optional.ofNullable(Times.read(violations, "until_time", request.getUntilTime()))
                : Optional.empty();
        violations.require(
                from.isEmpty() || until.isEmpty() || from.get().isBefore(until.get()),
                "until_time",
                "must be after from_time");
        Duration keep = request.hasKeep()
                ? Times.read(
                        violations,
                        "keep",
                        request.getKeep(),
                        Duration.ZERO,
                        LONGEST_KEEP,
                        "between zero and 3,660 days")
                : USUAL_KEEP;
        Optional<Duration> limit = RunBounds.deadline(violations, request.hasDeadline(), request.getDeadline());
        Optional<Filter> filter = request.hasFilter()
                ? Optional.ofNullable(FilterReader.read(violations, "filter", request.getFilter()))
                : Optional.empty();
        return actor -> new RestoreOrder(
                archive,
                into,
                from,
                until,
                filter.map(wanted -> columns -> ArchivedFilter.of(wanted, columns)),
                keep,
                limit,
                actor);
    }

    private static RestoreOrder.Into into(Violations violations, RestoreArchiveRequest request) {
        return switch (request.getIntoCase()) {
            case NEW_TABLE -> new RestoreOrder.NewTable(Names.read(violations, "new_table", request.getNewTable()));
            case PARTITION ->
                new RestoreOrder.Partition(
                        TableNames.read(
                                violations,
                                "partition.name",
                                request.getPartition().hasName(),
                                request.getPartition().getName()),
                        request.getPartition().hasParent()
                                ? Optional.of(Names.read(
                                        violations,
                                        "partition.parent",
                                        request.getPartition().getParent()))
                                : Optional.empty());
            case ORIGINAL -> {
                violations.require(request.getOriginal(), "original", "must be true where it is set");
                yield new RestoreOrder.Original();
            }
            case INTO_NOT_SET -> {
                violations.add("into", "give one of new_table, partition and original");
                yield new RestoreOrder.Original();
            }
        };
    }

    private static Optional<String> text(String text) {
        return Optional.of(text).filter(given -> !given.isEmpty());
    }
}
