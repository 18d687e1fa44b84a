package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.archive.place.Destinations;
import dev.caretaker.server.cleanup.leave.Keeper;
import dev.caretaker.server.cleanup.policy.Keeping;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.Retention;
import dev.caretaker.server.cleanup.table.TableTree;
import dev.caretaker.server.config.DestinationConfig;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.catalog.Column;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Freezes what a policy says of keeping into what does it for one cutoff. */
final class Keepers {
    private final Policy policy;
    private final TableTree tree;
    private final Destinations destinations;

    Keepers(Policy policy, TableTree tree, Destinations destinations) {
        this.policy = policy;
        this.tree = tree;
        this.destinations = destinations;
    }

    /** @param predicate which rows leave, in words */
    Keeper of(Keeping keeping, Instant cutoff, String predicate) {
        return switch (keeping) {
            case Keeping.Archive archive -> {
                Keeper whole = whole(archive.place(), cutoff, predicate);
                yield archive.figures()
                        .<Keeper>map(figures -> new Keeper.Both(whole, rollUp(figures)))
                        .orElse(whole);
            }
            case Keeping.RollUp rollUp -> rollUp(rollUp);
        };
    }

    private Keeper whole(Keeping.Place place, Instant cutoff, String predicate) {
        return switch (place) {
            case Keeping.Table table -> table(table, cutoff, tree);
            case Keeping.Store store -> store(store, cutoff, predicate, tree);
        };
    }

    /** What keeps rows of another table that go with those of the policy's. */
    Keeper child(Keeping.Place place, TableTree child, Instant cutoff, String predicate) {
        return switch (place) {
            case Keeping.Table table -> table(table, cutoff, child);
            case Keeping.Store store -> {
                Keeper kept = store(
                        new Keeping.Store(store.terms(), List.of()),
                        cutoff,
                        "rows that refer to archived rows of " + tree.root().name() + ": " + predicate,
                        child);
                yield kept instanceof Keeper.Store files
                        ? new Keeper.Store(
                                files.terms(),
                                files.columns(),
                                Optional.empty(),
                                files.policy(),
                                files.cutoff(),
                                files.predicate())
                        : kept;
            }
        };
    }

    private Keeper table(Keeping.Table table, Instant cutoff, TableTree of) {
        List<String> columns = of.root().columns().stream().map(Column::name).toList();
        TableName source = of.root().name();
        return new Keeper.Table(named(table.pattern(), cutoff, source), source, columns, table.indexes());
    }

    private Keeper store(Keeping.Store store, Instant cutoff, String predicate, TableTree of) {
        DestinationConfig destination = destinations.require(store.terms().destination());
        if (destination instanceof DestinationConfig.Table table) {
            String schema = table.schema().orElse(of.root().name().schema());
            return table(new Keeping.Table(new TableName(schema, table.tableName()), table.indexes()), cutoff, of);
        }
        List<String> columns = store.columns().isEmpty()
                ? of.root().columns().stream().map(Column::name).toList()
                : store.columns();
        return new Keeper.Store(
                store.terms(), columns, Optional.of(policy.timeColumn()), policy.name(), cutoff, predicate);
    }

    private TableName named(TableName pattern, Instant cutoff, TableName source) {
        ZonedDateTime day = cutoff.atZone(zone());
        String name = pattern.name()
                .replace("{yyyy}", String.format(Locale.ROOT, "%04d", day.getYear()))
                .replace("{mm}", String.format(Locale.ROOT, "%02d", day.getMonthValue()))
                .replace("{dd}", String.format(Locale.ROOT, "%02d", day.getDayOfMonth()))
                .replace("{table}", source.name());
        return new TableName(pattern.schema(), name);
    }

    private ZoneId zone() {
        return switch (policy.retention()) {
            case Retention.Calendar calendar -> calendar.zone();
            case Retention.Fixed ignored -> policy.timeColumn().zone().orElse(ZoneOffset.UTC);
        };
    }

    private Keeper.RollUp rollUp(Keeping.RollUp rollUp) {
        return new Keeper.RollUp(
                rollUp.into(),
                policy.timeColumn(),
                rollUp.bucket(),
                rollUp.zone().getId(),
                rollUp.by().stream()
                        .map(name -> new Keeper.TypedColumn(name, type(name)))
                        .toList(),
                rollUp.measures().stream()
                        .map(measure -> new Keeper.RolledMeasure(
                                measure, measure.column().map(this::type).orElse("")))
                        .toList());
    }

    private String type(String column) {
        return tree.column(column).orElseThrow().castType();
    }
}
