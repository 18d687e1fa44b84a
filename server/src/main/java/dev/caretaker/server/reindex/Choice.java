package dev.caretaker.server.reindex;

import dev.caretaker.server.run.Amounts;
import dev.caretaker.server.store.TableName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Chooses among candidates: no input or output. Those that are worth it come first, the biggest gain ahead. */
final class Choice {
    private final ReindexOrder order;
    private final Map<Long, Bloat> bloat;
    private final Map<TableName, Instant> rebuilt;
    private final OptionalLong freeBytes;
    private final Set<Long> leftovers;

    /**
     * @param leftovers oids of what interrupted rebuilds left
     * @param bloat by oid, where it is known
     * @param rebuilt indexes that were rebuilt within the cool-down, and when
     */
    Choice(
            ReindexOrder order,
            Set<Long> leftovers,
            Map<Long, Bloat> bloat,
            Map<TableName, Instant> rebuilt,
            OptionalLong freeBytes) {
        this.order = order;
        this.leftovers = leftovers;
        this.bloat = bloat;
        this.rebuilt = rebuilt;
        this.freeBytes = freeBytes;
    }

    /** Whether it is bloated enough, as far as is known. */
    boolean isWorthIt(IndexFacts index) {
        Bloat known = bloat.get(index.oid());
        return known != null
                && known.percent() >= order.worth().minimumPercent()
                && known.wasted() >= order.worth().minimumBytes();
    }

    List<ReindexRequest> among(List<IndexFacts> candidates) {
        List<IndexFacts> sorted = new ArrayList<>(candidates);
        sorted.sort(Comparator.comparingLong((IndexFacts index) ->
                        bloat.containsKey(index.oid()) ? bloat.get(index.oid()).wasted() : 0)
                .reversed());
        List<ReindexRequest> chosen = new ArrayList<>();
        List<ReindexRequest> refused = new ArrayList<>();
        for (IndexFacts index : sorted) {
            Optional<String> refusal = refusal(index);
            if (refusal.isEmpty()) {
                chosen.add(request(index, refusal));
            } else if (order.named()) {
                refused.add(request(index, refusal));
            }
        }
        List<ReindexRequest> all = new ArrayList<>(
                order.named()
                        ? chosen
                        : chosen.stream().limit(order.worth().mostIndexes()).toList());
        all.addAll(refused);
        return all;
    }

    private ReindexRequest request(IndexFacts index, Optional<String> refusal) {
        Bloat known = bloat.get(index.oid());
        String reason = known == null ? (index.valid() ? "named" : "invalid") : known.toString();
        return new ReindexRequest(
                index.oid(), index.name(), index.tableOid(), index.table(), reason, refusal, freeBytes.isEmpty());
    }

    private Optional<String> refusal(IndexFacts index) {
        if (index.exclusion()) {
            return Optional.of(
                    "it serves an exclusion constraint or a key without overlaps, and such an index cannot be"
                            + " rebuilt concurrently");
        }
        if (leftovers.contains(index.oid())) {
            return Optional.of("it is what an interrupted rebuild left behind: clean leftovers instead");
        }
        if (freeBytes.isPresent() && freeBytes.getAsLong() < index.bytes()) {
            return Optional.of("a second copy needs " + Amounts.bytes(index.bytes()) + ", and only "
                    + Amounts.bytes(freeBytes.getAsLong()) + " are free");
        }
        if (order.force() || !index.valid()) {
            return Optional.empty();
        }
        if (rebuilt.containsKey(index.name())) {
            return Optional.of("it was rebuilt at " + rebuilt.get(index.name()) + ", within the cool-down");
        }
        if (!bloat.containsKey(index.oid())) {
            return Optional.of("its bloat is unknown: not a B-tree, or without statistics; force rebuilds it");
        }
        return isWorthIt(index) ? Optional.empty() : Optional.of("it is not worth it: " + bloat.get(index.oid()));
    }
}
