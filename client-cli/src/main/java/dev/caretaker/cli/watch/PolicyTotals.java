package dev.caretaker.cli.watch;

import dev.caretaker.cli.output.Names;
import dev.caretaker.cli.units.Durations;
import dev.caretaker.v1.RunFinished;
import dev.caretaker.v1.RunTotals;
import dev.caretaker.v1.TableTotals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run did for one policy, on however many partitions.
 *
 * @param policy its name; empty for follow-ups
 * @param relations what it worked on, in words
 */
record PolicyTotals(String policy, String relations, RunTotals totals) {

    /** In the order of the run's steps, follow-ups last. */
    static List<PolicyTotals> of(RunFinished finished) {
        Map<String, List<TableTotals>> byPolicy = new LinkedHashMap<>();
        for (TableTotals table : finished.getTablesList()) {
            byPolicy.computeIfAbsent(table.getPolicy(), policy -> new ArrayList<>())
                    .add(table);
        }
        List<TableTotals> followUps = byPolicy.remove("");
        if (followUps != null) {
            byPolicy.put("", followUps);
        }
        return byPolicy.entrySet().stream()
                .map(entry -> new PolicyTotals(entry.getKey(), relations(entry.getValue()), sum(entry.getValue())))
                .toList();
    }

    private static String relations(List<TableTotals> tables) {
        String first = Names.table(tables.get(0).getTable());
        return tables.size() == 1 ? first : first + " and " + (tables.size() - 1) + " more";
    }

    private static RunTotals sum(List<TableTotals> tables) {
        return tables.stream()
                .map(TableTotals::getTotals)
                .reduce(PolicyTotals::plus)
                .orElseThrow();
    }

    private static RunTotals plus(RunTotals one, RunTotals other) {
        return RunTotals.newBuilder()
                .setRowsDeleted(one.getRowsDeleted() + other.getRowsDeleted())
                .setRowsExact(one.getRowsExact() && other.getRowsExact())
                .setRowsCascaded(one.getRowsCascaded() + other.getRowsCascaded())
                .setRowsPinned(one.getRowsPinned() + other.getRowsPinned())
                .setRowsResidual(one.getRowsResidual() + other.getRowsResidual())
                .setBytesDeleted(one.getBytesDeleted() + other.getBytesDeleted())
                .setBytesReusable(one.getBytesReusable() + other.getBytesReusable())
                .setBytesReturned(one.getBytesReturned() + other.getBytesReturned())
                .setWalBytes(one.getWalBytes() + other.getWalBytes())
                .setBatches(one.getBatches() + other.getBatches())
                .setBusy(Durations.toProto(
                        Durations.fromProto(one.getBusy()).plus(Durations.fromProto(other.getBusy()))))
                .build();
    }
}
