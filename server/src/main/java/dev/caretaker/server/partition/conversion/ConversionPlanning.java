package dev.caretaker.server.partition.conversion;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.partition.conversion.plan.ConversionPlanner;
import dev.caretaker.server.partition.conversion.plan.ConversionPlanner.Planned;
import dev.caretaker.server.partition.conversion.plan.Wish;
import dev.caretaker.server.partition.conversion.table.HighestKey;
import dev.caretaker.server.partition.conversion.table.PlainTable;
import dev.caretaker.server.partition.conversion.table.PlainTableReader;
import dev.caretaker.server.partition.upkeep.grid.NameTemplate;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.set.PartitionSets;
import dev.caretaker.server.partition.upkeep.set.SetFit;
import dev.caretaker.server.store.ConversionRow;
import dev.caretaker.server.store.ConversionStore;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.MissingTable;
import dev.caretaker.server.target.Session;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a table and plans its conversion. */
@Singleton
final class ConversionPlanning {
    /** Enough to build indexes and to validate, before rows reach the boundary. */
    private static final Duration USUAL_DISTANCE = Duration.ofDays(1);

    private final ConversionStore store;
    private final Standings standings;
    private final PartitionSets sets;
    private final Targets targets;

    ConversionPlanning(ConversionStore store, Standings standings, PartitionSets sets, Targets targets) {
        this.store = store;
        this.standings = standings;
        this.sets = sets;
        this.targets = targets;
    }

    ConversionContent plan(ConversionRequest request, Instant now) {
        Target target = targets.get(request.set().target());
        TableName name = request.set().table();
        if (!target.inScope(name.schema())) {
            throw CaretakerException.invalid(
                    "set.table.schema", "schema \"" + name.schema() + "\" is not one that Caretaker may touch");
        }
        Instant after = request.boundary().orElse(now.plus(USUAL_DISTANCE));
        if (!after.isAfter(now)) {
            throw CaretakerException.invalid("boundary_after", "must lie in the future");
        }
        requireOwnName(request.set());
        return target.withSession("caretaker/conversion", session -> {
            try {
                target.actForOwner(session, name); // as whom the conversion will work, if it does
                return read(session, target, request, now, after);
            } finally {
                target.actForLogin(session);
            }
        });
    }

    /** The set is stored by the cut-over: it must not take another table's name. */
    private void requireOwnName(PartitionSet set) {
        try {
            PartitionSet kept = sets.get(set.name()).set();
            if (!kept.target().equals(set.target()) || !kept.table().equals(set.table())) {
                throw CaretakerException.invalid(
                        "set.name", "is that of the set of table " + kept.table() + ": choose another");
            }
        } catch (CaretakerException e) {
            if (e.reason() != Reason.PARTITION_SET_NOT_FOUND) {
                throw e;
            }
        }
    }

    private ConversionContent read(
            Session session, Target target, ConversionRequest request, Instant now, Instant after) throws SQLException {
        TableName name = request.set().table();
        PlainTable table = PlainTableReader.read(session.connection(), name)
                .orElseThrow(() -> CaretakerException.invalid("set.table.name", MissingTable.clause(target, name)));
        PartitionSet set = resolved(request.set(), table, request.key());
        HighestKey highest = table.kind().equals("r") && !table.forcedRowSecurity()
                ? HighestKey.read(session.connection(), table, request.key())
                : HighestKey.UNKNOWN;
        Planned planned = ConversionPlanner.plan(
                table,
                highest,
                new Wish(
                        set,
                        request.key(),
                        now,
                        after,
                        request.above(),
                        request.legacyName(),
                        request.cutOver(),
                        request.accepted()));
        requireFree(session, target, planned);
        return new ConversionContent(set, planned, request.actor(), request.backup());
    }

    /** What a set of a partitioned table would be told by it. */
    private static PartitionSet resolved(PartitionSet set, PlainTable table, String key) {
        PlainTable.Column column = table.column(key)
                .orElseThrow(() -> CaretakerException.invalid(
                        "key_column", "table " + table.name() + " has no column \"" + key + "\""));
        NameTemplate names = set.names()
                .orElseGet(() -> NameTemplate.usual(set.grid(), table.name().name()));
        names.objection(set.grid(), table.name().name()).ifPresent(why -> {
            throw CaretakerException.invalid("set.name_pattern", why);
        });
        return SetFit.of(set, names, column.name(), column.type());
    }

    /** Names that are taken now are found before anything begins. */
    private void requireFree(Session session, Target target, Planned planned) throws SQLException {
        TableName table = planned.order().table().name();
        List<String> taken = Sql.of(
                        "SELECT c.relname FROM pg_catalog.pg_class c"
                                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                                + " WHERE n.nspname = ? AND c.relname = ANY (CAST(? AS pg_catalog.text[])) ORDER BY 1",
                        table.schema(),
                        session.connection()
                                .createArrayOf(
                                        "text",
                                        planned.names().stream()
                                                .map(TableName::name)
                                                .toArray()))
                .list(session.connection(), row -> row.getString(1));
        if (taken.isEmpty()) {
            return;
        }
        Optional<ConversionRow> begun =
                store.open(target.name(), table.schema(), table.name()).stream().findFirst();
        if (begun.isPresent()) {
            throw begun(table, begun.get());
        }
        throw CaretakerException.invalid(
                "set", "names that the conversion needs are taken: " + String.join(", ", taken));
    }

    private CaretakerException begun(TableName table, ConversionRow begun) {
        String id = begun.conversionId().toString();
        return CaretakerException.of(
                Reason.PLAN_BLOCKED,
                standings.busy(begun)
                        ? "Table " + table + " is being converted: conversion " + id + ", run " + begun.runId() + "."
                        : "A conversion of table " + table + " was left half-way, and what it made is still there:"
                                + " 'caretaker convert start " + id + "' goes on with it, 'caretaker convert revert "
                                + id + "' takes that away.",
                Map.of("conversion", id, "target", begun.target()));
    }
}
