package dev.caretaker.server.vacuum;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.run.VacuumOptions.Verb;
import dev.caretaker.server.run.VacuumRequest;
import dev.caretaker.server.target.Capabilities;
import dev.caretaker.server.target.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What VACUUM FULL and REPACK need and give. The old table stays until the new one is complete, so the disk must take a
 * second copy; how much it still takes, Postgres cannot tell.
 */
final class Rewrites {
    private final Connection connection;
    private final Capabilities server;
    private final OptionalLong freeBytes;

    /** @param freeBytes free space at the target, by whoever knows; empty if nobody does */
    Rewrites(Connection connection, Capabilities server, OptionalLong freeBytes) {
        this.connection = connection;
        this.server = server;
        this.freeBytes = freeBytes;
    }

    private record Estimate(long totalBytes, long heapBytes, long packedBytes) {}

    /**
     * The same requests, those that rewrite a table with what that means.
     *
     * @throws CaretakerException UNSUPPORTED_RELATION (what REPACK cannot do), DISK_SPACE_UNKNOWN or DISK_SPACE_SHORT
     */
    List<VacuumRequest> check(List<VacuumRequest> requests) throws SQLException {
        List<VacuumRequest> checked = new ArrayList<>();
        for (VacuumRequest request : requests) {
            Verb verb = request.options().verb();
            boolean rewrites = verb == Verb.FULL || verb == Verb.REPACK;
            checked.add(rewrites ? explained(request) : request);
        }
        return checked;
    }

    private VacuumRequest explained(VacuumRequest request) throws SQLException {
        if (request.options().verb() == Verb.REPACK) {
            requireRepackable(request);
        }
        Estimate estimate = Sql.resource("vacuum/rewrite_estimate", Long.toString(request.oid()))
                .first(
                        connection,
                        row -> new Estimate(
                                row.getLong("total_bytes"), row.getLong("heap_bytes"), row.getLong("packed_bytes")))
                .orElse(new Estimate(0, 0, -1));
        requireSpace(request, estimate.totalBytes());
        String gain = estimate.packedBytes() < 0
                ? "nothing is known of what it gives back"
                : "gives back about " + Amounts.bytes(Math.max(0, estimate.heapBytes() - estimate.packedBytes()))
                        + " of the heap's " + Amounts.bytes(estimate.heapBytes());
        boolean full = request.options().verb() == Verb.FULL;
        String lock = full
                ? "locks the table ACCESS EXCLUSIVE from beginning to end"
                        + (server.canRepackConcurrently() ? "; REPACK does the same without" : "")
                : "locks the table ACCESS EXCLUSIVE only for the final swap";
        return VacuumRequest.of(
                request.oid(),
                request.table(),
                request.options(),
                request.reason() + "; " + gain + ", needs up to " + Amounts.bytes(estimate.totalBytes())
                        + " of free disk, " + lock);
    }

    private void requireRepackable(VacuumRequest request) throws SQLException {
        List<String> obstacles = Repack.obstacles(connection, request.oid());
        if (!obstacles.isEmpty()) {
            throw CaretakerException.of(
                    Reason.UNSUPPORTED_RELATION,
                    "Table " + request.table() + " cannot be repacked: " + String.join("; ", obstacles) + ".",
                    Map.of("table", request.table().toString()));
        }
    }

    private void requireSpace(VacuumRequest request, long needed) {
        Map<String, String> metadata =
                Map.of("table", request.table().toString(), "needed_bytes", Long.toString(needed));
        if (freeBytes.isEmpty()) {
            throw CaretakerException.of(
                    Reason.DISK_SPACE_UNKNOWN,
                    "Rewriting " + request.table() + " needs up to " + Amounts.bytes(needed)
                            + " of free disk, and Postgres cannot tell how much there is: say it with the request, or as"
                            + " free-disk-space of the target.",
                    metadata);
        }
        if (freeBytes.getAsLong() < needed) {
            throw CaretakerException.of(
                    Reason.DISK_SPACE_SHORT,
                    "Rewriting " + request.table() + " needs up to " + Amounts.bytes(needed)
                            + " of free disk, but only " + Amounts.bytes(freeBytes.getAsLong()) + " are there.",
                    metadata);
        }
    }
}
