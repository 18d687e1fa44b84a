package dev.caretaker.server.partition.upkeep.set;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.caretaker.server.partition.upkeep.grid.CalendarGrid;
import dev.caretaker.server.partition.upkeep.grid.CalendarUnit;
import dev.caretaker.server.partition.upkeep.grid.KeyEncoding;
import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import dev.caretaker.server.partition.upkeep.grid.NameTemplate;
import dev.caretaker.server.partition.upkeep.grid.PartitionGrid;
import dev.caretaker.server.store.TableName;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * How one partitioned table is kept.
 *
 * @param encoding how its keys denote positions; empty only before the set met its table
 * @param lookback partitions before the current one that are made when there is none at all
 * @param names how partitions are called; empty only before the set met its table
 * @param retirement what becomes of old partitions; empty: they stay
 */
public record PartitionSet(
        String name,
        String target,
        TableName table,
        PartitionGrid grid,
        Optional<KeyEncoding> encoding,
        Ahead ahead,
        int lookback,
        Optional<NameTemplate> names,
        DefaultRule defaultRule,
        Optional<Retirement> retirement,
        boolean creationPaused,
        boolean retirementPaused,
        String description) {

    /** What becomes of the default partition. */
    public enum DefaultRule {
        LEAVE,
        /** One is made where there is none. */
        ENSURE,
        /** One that holds rows becomes the partition of the gap in which they lie. */
        ADOPT
    }

    /** The same, none of whose partitions goes for now. */
    public PartitionSet withoutRetirement() {
        return new PartitionSet(
                name,
                target,
                table,
                grid,
                encoding,
                ahead,
                lookback,
                names,
                defaultRule,
                retirement,
                creationPaused,
                true,
                description);
    }

    /** The same with what follows from its table. */
    public PartitionSet resolved(KeyEncoding keys, NameTemplate template) {
        return new PartitionSet(
                name,
                target,
                table,
                grid,
                Optional.of(keys),
                ahead,
                lookback,
                Optional.of(template),
                defaultRule,
                retirement,
                creationPaused,
                retirementPaused,
                description);
    }

    /** How keys denote positions. */
    @JsonIgnore
    public KeyEncoding key() {
        return encoding.orElseThrow();
    }

    /** Zone whose clocks are meant. */
    @JsonIgnore
    public ZoneId zone() {
        return grid instanceof CalendarGrid calendar ? calendar.zone() : ZoneOffset.UTC;
    }

    /** Where keys are cut. */
    @JsonIgnore
    public PartitionGrid lines() {
        return key().effective(grid);
    }

    /** Position of an instant. */
    public BigInteger position(Instant instant) {
        return key().position(instant, zone());
    }

    /** Name of the partition of a range; one that is no whole cell says where it begins. */
    public TableName nameOf(KeyRange range) {
        NameTemplate template = names.orElseThrow();
        boolean cell = lines().isLine(range.from().position())
                && range.to().equals(KeyPoint.at(lines().next(range.from().position())));
        String partition = cell
                ? template.render(range, table.name(), namingZone())
                : template.renderShort(range, table.name(), namingZone(), key().isTime());
        return new TableName(table.schema(), partition);
    }

    /**
     * Name of a partition of several cells: that of the first, and where the last one ends. Cut at the end of the first's name where
     * Postgres would not take it whole.
     */
    public TableName nameOfCells(KeyRange range) {
        KeyPoint second = KeyPoint.at(lines().next(range.from().position()));
        TableName first = nameOf(new KeyRange(range.from(), second));
        if (range.to().isNotAfter(second)) {
            return first;
        }
        String end = "_to_"
                + (lines().isLine(range.to().position())
                        ? names.orElseThrow().renderLine(range.to(), namingZone())
                        : show(range.to().position()).replaceAll("[^0-9]", ""));
        return new TableName(
                first.schema(),
                NameTemplate.cut(first.name(), NameTemplate.NAME_BYTES - NameTemplate.bytes(end)) + end);
    }

    /** A position as people read it. */
    public String show(BigInteger position) {
        return key().write(position, false);
    }

    private ZoneId namingZone() {
        boolean hours = grid instanceof CalendarGrid calendar && calendar.unit() == CalendarUnit.HOUR;
        return key().isLocal() || hours ? ZoneOffset.UTC : zone();
    }
}
