package dev.caretaker.server.cleanup.step;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.caretaker.server.cleanup.leave.Keeper;
import dev.caretaker.server.cleanup.policy.Constant;
import dev.caretaker.server.store.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Parameters of the steps that delete rows in place (INDEX_RANGE, BLOCK_RANGE, ROW_LIST).
 *
 * @param eligible which rows
 * @param fingerprint of the relation's schema when planned; a step refuses to work on anything else
 * @param relfilenode of the relation when planned; another one means the table was rewritten and row addresses are void
 * @param averageRowBytes average bytes of a row, for byte estimates
 * @param index what INDEX_RANGE goes along; empty for the others
 * @param cascades tables whose rows go or change through foreign keys, to be counted apart
 * @param guardAgainstSuppression whether user triggers on DELETE exist, so that matched and deleted rows must be compared
 * @param kinship what its rows refer to, and what refers to them, in circles
 * @param skipsHeld whether a row that stays because of the kinship is let alone; otherwise the step fails for it
 * @param byRoot the table in whose name rows are deleted, if not in that of the relation itself
 * @param keeper what keeps the rows, if anything does
 * @param children tables whose rows deletes cascade to and that are kept, too; referenced ones before those that refer to them
 * @param cutoff rows strictly older than it are eligible, as the plan had it; empty in steps of older servers
 */
public record RowRemoval(
        Eligibility eligible,
        String fingerprint,
        long relfilenode,
        long averageRowBytes,
        Optional<IndexPath> index,
        List<TableName> cascades,
        boolean guardAgainstSuppression,
        Kinship kinship,
        boolean skipsHeld,
        Optional<ByRoot> byRoot,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Keeper> keeper,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<KeptChild> children,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Instant> cutoff) {

    public RowRemoval {
        kinship = Objects.requireNonNullElse(kinship, Kinship.NONE);
        keeper = Objects.requireNonNullElse(keeper, Optional.empty()); // steps of older servers keep nothing
        children = Objects.requireNonNullElse(children, List.of());
        cutoff = Objects.requireNonNullElse(cutoff, Optional.empty());
    }

    /** Of rows that do not refer to one another, and of which nothing is kept. */
    public RowRemoval(
            Eligibility eligible,
            String fingerprint,
            long relfilenode,
            long averageRowBytes,
            Optional<IndexPath> index,
            List<TableName> cascades,
            boolean guardAgainstSuppression) {
        this(
                eligible,
                fingerprint,
                relfilenode,
                averageRowBytes,
                index,
                cascades,
                guardAgainstSuppression,
                Kinship.NONE,
                false,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    /**
     * Which rows, but for those that some row of the kinship refers to, if such rows are let alone. When the step is done those
     * are the ones that are held.
     */
    Eligibility unheld() {
        return skipsHeld ? eligible.pinnedAlsoBy(kinship.referencing(eligible.oid())) : eligible;
    }

    public RowRemoval with(Kinship kin, boolean skipHeld) {
        return new RowRemoval(
                eligible,
                fingerprint,
                relfilenode,
                averageRowBytes,
                index,
                cascades,
                guardAgainstSuppression,
                kin,
                skipHeld,
                byRoot,
                keeper,
                children,
                cutoff);
    }

    public RowRemoval by(ByRoot root) {
        return new RowRemoval(
                eligible,
                fingerprint,
                relfilenode,
                averageRowBytes,
                index,
                cascades,
                true,
                kinship,
                skipsHeld,
                Optional.of(root),
                keeper,
                children,
                cutoff);
    }

    public RowRemoval keptBy(Keeper what) {
        return new RowRemoval(
                eligible,
                fingerprint,
                relfilenode,
                averageRowBytes,
                index,
                cascades,
                guardAgainstSuppression,
                kinship,
                skipsHeld,
                byRoot,
                Optional.of(what),
                children,
                cutoff);
    }

    /** The same, of rows of which children are kept, too. */
    public RowRemoval withChildren(List<KeptChild> kept) {
        return new RowRemoval(
                eligible,
                fingerprint,
                relfilenode,
                averageRowBytes,
                index,
                cascades,
                guardAgainstSuppression,
                kinship,
                skipsHeld,
                byRoot,
                keeper,
                kept,
                cutoff);
    }

    /** The same, as of a plan. */
    public RowRemoval asOf(Instant planned) {
        return new RowRemoval(
                eligible,
                fingerprint,
                relfilenode,
                averageRowBytes,
                index,
                cascades,
                guardAgainstSuppression,
                kinship,
                skipsHeld,
                byRoot,
                keeper,
                children,
                Optional.of(planned));
    }

    /** Tables whose rows go or change with those of this one. */
    List<TableName> reached() {
        return Stream.concat(cascades.stream(), kinship.tables().stream().map(Kinship.Table::name))
                .distinct()
                .toList();
    }

    /** Whether deleting a row can change no other row, of this table or another. */
    boolean touchesNothingElse() {
        return cascades.isEmpty() && touchesByKeysOnly();
    }

    /** Whether nothing but the keys of other tables decides what a deleted row changes: no row is held back, no trigger asked. */
    boolean touchesByKeysOnly() {
        return !guardAgainstSuppression
                && kinship.isNone()
                && eligible.pinnedBy().isEmpty();
    }

    /**
     * An index whose leading columns are compared with constants and whose next column is the time column.
     *
     * @param index its name
     * @param prefixes one map a range: leading column → constant. An IN list makes one range a value; no leading columns
     *     make one empty map.
     */
    public record IndexPath(TableName index, List<Map<String, Constant>> prefixes) {}
}
