package dev.caretaker.server.api.mapping;

import dev.caretaker.server.reindex.Leftovers;
import dev.caretaker.v1.CleanReindexLeftoversResponse;
import dev.caretaker.v1.ReindexLeftover;
import java.util.List;

/** Writes what interrupted rebuilds left behind. */
public final class LeftoverWriter {
    private LeftoverWriter() {}

    public static CleanReindexLeftoversResponse write(List<Leftovers.Result> results) {
        CleanReindexLeftoversResponse.Builder message = CleanReindexLeftoversResponse.newBuilder();
        for (Leftovers.Result result : results) {
            message.addLeftovers(ReindexLeftover.newBuilder()
                    .setIndex(Names.write(result.leftover().index()))
                    .setTable(Names.write(result.leftover().table()))
                    .setBytes(result.leftover().bytes())
                    .setDropped(result.dropped())
                    .setReason(result.kept().orElse("")));
        }
        return message.build();
    }
}
