package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.target.catalog.ForeignKey;
import dev.caretaker.server.target.catalog.Relation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the foreign keys that fire for deleted rows cost, along cascades: a search of the referencing table for each row, by index
 * or by reading all of it, and the rows that are found there and go or change. From statistics, as all {@link Costs}.
 */
public final class KeyCosts {
    /** A foreign key's search with an index. */
    private static final double MICROS_PER_SEARCH = 4;
    /** Reading a cached page from one end to the other. */
    private static final double MICROS_PER_PAGE = 3.5;
    /** Comparing one row of it (200,000 rows of 40 bytes, PostgreSQL 15 and 18: 10 to 12 ms a scan). */
    private static final double MICROS_PER_ROW_READ = 0.04;
    /** A changed row of the referencing table, with what its own indexes take. */
    private static final double MICROS_PER_ROW_CHANGED = 2;

    private static final long WAL_PER_ROW_BYTES = 100;

    private final PolicyFacts facts;
    private final boolean fullPageWrites;

    public KeyCosts(PolicyFacts facts, boolean fullPageWrites) {
        this.facts = facts;
        this.fullPageWrites = fullPageWrites;
    }

    /**
     * What was added by keys to the deletion of some rows.
     *
     * @param rows rows of referencing tables that go or change
     */
    public record Cost(double micros, double walBytes, long rows) {
        static final Cost NONE = new Cost(0, 0, 0);

        Cost plus(Cost other) {
            return new Cost(micros + other.micros, walBytes + other.walBytes, rows + other.rows);
        }

        public Duration duration() {
            return Duration.ofNanos(Math.round(micros * 1_000));
        }
    }

    /** Of all keys that concern a relation, for that many deleted rows. */
    public Cost of(List<ForeignKey> keys, long rows) {
        return keys.stream().map(key -> of(key, rows)).reduce(Cost.NONE, Cost::plus);
    }

    /** Of one key, when that many rows of the policy's table are deleted. */
    public Cost of(ForeignKey key, long rows) {
        double firings = firings(key, rows);
        double changed = key.changesChild() ? changed(key, rows) : 0;
        double search = key.childIndexed() ? MICROS_PER_SEARCH : scan(key);
        double pages = Math.min(changed, pages(key));
        return new Cost(
                firings * search + changed * MICROS_PER_ROW_CHANGED,
                changed * WAL_PER_ROW_BYTES + (fullPageWrites ? pages * Storage.PAGE_BYTES : 0),
                Math.round(changed));
    }

    /** One search, in microseconds. */
    public double search(ForeignKey key) {
        return key.childIndexed() ? MICROS_PER_SEARCH : scan(key);
    }

    private double scan(ForeignKey key) {
        double tuples = stored(key).mapToDouble(Costs::tableRows).sum();
        return pages(key) * MICROS_PER_PAGE + tuples * MICROS_PER_ROW_READ + MICROS_PER_SEARCH;
    }

    private double pages(ForeignKey key) {
        return stored(key).mapToDouble(Storage::heapPages).sum();
    }

    /** How often it fires: for each deleted row of the table that it references. */
    private double firings(ForeignKey key, long rows) {
        if (key.depth() == 1) {
            return rows;
        }
        return facts.keys().stream()
                .filter(via -> via.depth() == key.depth() - 1
                        && via.childOid() == key.parentOid()
                        && via.onDelete() == ForeignKey.OnDelete.CASCADE)
                .mapToDouble(via -> changed(via, rows))
                .sum();
    }

    /** As counted, in proportion; where counting was cut short, by the size of the tables. */
    private double changed(ForeignKey key, long rows) {
        long eligible =
                facts.measured().values().stream().mapToLong(Measured::rows).sum();
        double share = eligible == 0 ? 0 : Math.min(1, (double) rows / eligible);
        Tally tally = facts.childRows().getOrDefault(key, Tally.NONE);
        if (!tally.atLeast() && tally.failure().isEmpty()) {
            return tally.rows() * share;
        }
        double all = stored(key).mapToDouble(Costs::tableRows).sum();
        double gone = (double) rows / Math.max(1, facts.tableRows());
        return Math.max(tally.rows() * share, all * Math.min(1, gone));
    }

    private Stream<Storage> stored(ForeignKey key) {
        return Optional.ofNullable(facts.children().get(key.childOid())).stream()
                .flatMap(tree -> tree.stored().stream())
                .map(KeyCosts::storage);
    }

    private static Storage storage(Relation relation) {
        return Storage.of(relation, "");
    }
}
