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
            case Keeping.Archive archive ->
                switch (archive.place()) {
                    case Keeping.Table table -> table(table, cutoff);
                    case Keeping.Store store -> store(store, cutoff, predicate);
                };
            case Keeping.RollUp rollUp -> rollUp(rollUp);
        };
    }

    private Keeper table(Keeping.Table table, Instant cutoff) {
        List<String> columns = tree.root().columns().stream().map(Column::name).toList();
        return new Keeper.Table(named(table.pattern(), cutoff), tree.root().name(), columns, table.indexes());
    }

    private Keeper store(Keeping.Store store, Instant cutoff, String predicate) {
        DestinationConfig destination = destinations.require(store.terms().destination());
        if (destination instanceof DestinationConfig.Table table) {
            String schema = table.schema().orElse(tree.root().name().schema());
            return table(new Keeping.Table(new TableName(schema, table.tableName()), table.indexes()), cutoff);
        }
        List<String> columns = store.columns().isEmpty()
                ? tree.root().columns().stream().map(Column::name).toList()
                : store.columns();
        return new Keeper.Store(store.terms(), columns, policy.timeColumn(), policy.name(), cutoff, predicate);
    }

    private TableName named(TableName pattern, Instant cutoff) {
        ZonedDateTime day = cutoff.atZone(zone());
        String name = pattern.name()
                .replace("{yyyy}", String.format(Locale.ROOT, "%04d", day.getYear()))
                .replace("{mm}", String.format(Locale.ROOT, "%02d", day.getMonthValue()))
                .replace("{dd}", String.format(Locale.ROOT, "%02d", day.getDayOfMonth()))
                .replace("{table}", tree.root().name().name());
        return new TableName(pattern.schema(), name);
    }

    private ZoneId zone() {
        return switch (policy.retention()) {
            case Retention.Calendar calendar -> calendar.zone();
            case Retention.Fixed ignored -> policy.timeColumn().zone().orElse(ZoneOffset.UTC);
        };
    }

    private Keeper rollUp(Keeping.RollUp rollUp) {
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
