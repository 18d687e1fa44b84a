package dev.caretaker.server.partition.upkeep.set;

import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.TableName;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps the partition sets. All methods throw {@link dev.caretaker.server.error.CaretakerException}. */
public interface PartitionSets {
    /** Sets on one page, at most. */
    int LARGEST_PAGE = 1_000;

    /**
     * Creates or replaces sets, all of them or none, in the order given, after they were checked against their tables.
     *
     * @param validateOnly whether to answer without storing anything
     * @throws dev.caretaker.server.error.CaretakerException INVALID_FIELD with violations named like {@code sets[0].grid},
     *     ETAG_MISMATCH, TARGET_UNREACHABLE
     */
    List<AppliedSet> apply(List<SetChange> changes, Actor actor, boolean validateOnly);

    /**
     * Sets by name.
     *
     * @param target empty means all targets
     * @param pageSize 1 to {@value #LARGEST_PAGE}
     * @param pageToken opaque, from the previous page
     */
    SetPage list(Optional<String> target, int pageSize, Optional<String> pageToken);

    /** All sets of a target, by name. */
    default List<StoredSet> ofTarget(String target) {
        List<StoredSet> all = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            SetPage page = list(Optional.of(target), LARGEST_PAGE, token);
            all.addAll(page.sets());
            token = page.nextPageToken();
        } while (token.isPresent());
        return all;
    }

    /** Fails with PARTITION_SET_NOT_FOUND. */
    StoredSet get(String name);

    /**
     * Forgets a set. Fails with PARTITION_SET_NOT_FOUND or ETAG_MISMATCH.
     *
     * @param etag when present, the stored set must still carry it
     * @return the set as it was
     */
    StoredSet delete(String name, Optional<String> etag, Actor actor);

    /**
     * Reads a partitioned table and answers a set that would change nothing about it now.
     *
     * @param zone of the grid; guessed from the bounds when empty
     * @throws dev.caretaker.server.error.CaretakerException INVALID_FIELD for a table that follows no grid
     */
    Suggested suggest(String target, TableName table, Optional<ZoneId> zone);

    /** One page of sets. */
    record SetPage(List<StoredSet> sets, Optional<String> nextPageToken) {}

    /**
     * A set that was read from a table.
     *
     * @param notes what the table does not tell, in sentences
     */
    record Suggested(PartitionSet set, List<String> notes) {}
}
