package dev.caretaker.server.archive;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.StepRow;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How far an archive reaches by the journal of its run: wherever in the cursor of a step its {@link PartMark} is.
 *
 * @param settled what is known to be committed; empty if no batch is
 * @param pending what may be committed beyond that; empty if nothing is in doubt
 * @param journal the batch in doubt, as the engine wrote it down; absent if there is none
 */
record Marks(Optional<PartMark> settled, Optional<PartMark> pending, Optional<JsonNode> journal) {

    static Marks of(UUID archive, List<StepRow> steps) {
        for (StepRow step : steps) {
            Optional<PartMark> settled =
                    step.position().flatMap(json -> mark(archive, Json.read(json, JsonNode.class)));
            Optional<JsonNode> journal = step.pending().map(json -> Json.read(json, JsonNode.class));
            Optional<PartMark> pending = journal.flatMap(json -> mark(archive, json.path("next")));
            if (settled.isPresent() || pending.isPresent()) {
                return new Marks(settled, pending, pending.isPresent() ? journal : Optional.empty());
            }
        }
        return new Marks(Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static Optional<PartMark> mark(UUID archive, JsonNode cursor) {
        return cursor.findParents("archive").stream()
                .filter(node -> node.path("archive").asText().equals(archive.toString())
                        && node.has("part")
                        && node.has("file"))
                .findFirst()
                .map(node -> Json.read(node, PartMark.class));
    }

    /** What is certain. */
    PartMark certain(UUID archive) {
        return settled.orElseGet(() -> PartMark.start(archive));
    }

    /** Rows beyond it. */
    long rowsInDoubt(List<Long> closedRows) {
        if (pending.isEmpty()) {
            return 0;
        }
        PartMark end = pending.get();
        PartMark begin = certain(end.archive());
        long between = end.part() == begin.part() ? -begin.rows() : 0;
        return end.rows()
                + between
                + closedRows.stream().mapToLong(Long::longValue).sum();
    }
}
