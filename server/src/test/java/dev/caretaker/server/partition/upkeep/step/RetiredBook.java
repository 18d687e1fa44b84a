package dev.caretaker.server.partition.upkeep.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.store.RetiredRow;
import dev.caretaker.server.store.RetiredStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Retired partitions, in memory. */
final class RetiredBook implements RetiredStore {
    private final List<RetiredRow> rows = new ArrayList<>();

    /** The only open one. */
    Optional<RetiredRow> only() {
        List<RetiredRow> open = open("");
        assertThat(open).hasSizeLessThan(2);
        return open.stream().findFirst();
    }

    @Override
    public void begin(
            String target,
            long systemId,
            long oid,
            String schemaName,
            String tableName,
            String parentSchema,
            String parentTable,
            String setName,
            String lowerBound,
            String upperBound,
            Instant detached,
            Instant heldUntil,
            long bytes,
            long rowEstimate,
            UUID runId) {
        if (find(target, systemId, oid).isEmpty()) {
            rows.add(new RetiredRow(
                    rows.size() + 1,
                    target,
                    systemId,
                    oid,
                    schemaName,
                    tableName,
                    parentSchema,
                    parentTable,
                    setName,
                    lowerBound,
                    upperBound,
                    RetiredRow.State.DETACHING,
                    detached,
                    heldUntil,
                    bytes,
                    rowEstimate,
                    runId,
                    null,
                    null));
        }
    }

    @Override
    public int move(String target, long systemId, long oid, RetiredRow.State state, Instant ended) {
        Optional<RetiredRow> found = find(target, systemId, oid);
        found.ifPresent(row -> rows.set(
                rows.indexOf(row),
                new RetiredRow(
                        row.retiredId(),
                        row.target(),
                        row.systemId(),
                        row.oid(),
                        row.schemaName(),
                        row.tableName(),
                        row.parentSchema(),
                        row.parentTable(),
                        row.setName(),
                        row.lowerBound(),
                        row.upperBound(),
                        state,
                        row.detached(),
                        row.heldUntil(),
                        row.bytes(),
                        row.rowEstimate(),
                        row.runId(),
                        ended,
                        row.archiveId())));
        return found.isPresent() ? 1 : 0;
    }

    @Override
    public int archived(String target, long systemId, long oid, UUID archiveId) {
        throw new UnsupportedOperationException("no partition is archived here");
    }

    @Override
    public Optional<RetiredRow> find(String target, long systemId, long oid) {
        return rows.stream()
                .filter(row -> row.ended() == null && row.systemId() == systemId && row.oid() == oid)
                .findFirst();
    }

    @Override
    public List<RetiredRow> open(String target) {
        return rows.stream().filter(row -> row.ended() == null).toList();
    }

    @Override
    public List<RetiredRow> list(String target, String set, boolean withEnded, long before, int limit) {
        return open(target);
    }
}
