package dev.caretaker.server.cleanup.plan.facts;

import dev.caretaker.server.cleanup.step.Eligibility;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Estimates by reading a part of a table: a few pages in a row at places that are evenly spread over it, so that it costs the
 * same however large the table is, and is right also where rows lie in the order of their time.
 */
public final class RowSample {
    /** Places at which the table is read. */
    static final int PLACES = 64;
    /** Pages in a row that are read at each. */
    static final int PAGES = 16;
    /** From so many pages on a sample is less than half of the table. */
    static final long LEAST_PAGES = 2L * PLACES * PAGES;

    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final Asking asking;

    public RowSample(Asking asking) {
        this.asking = asking;
    }

    /**
     * What a sample says of the whole table.
     *
     * @param rows eligible ones
     * @param margin how far {@code rows} may be off, twice the standard error
     * @param tableRows all of them
     * @param read pages that were read
     */
    public record Sampled(long rows, long margin, long tableRows, long read) {}

    /** Rows at one place. */
    record Place(int number, long rows, long eligible) {}

    /**
     * Reads a sample.
     *
     * @param pages of the table; at least {@link #LEAST_PAGES}
     * @return empty if it takes longer than a second, or a lock is not to be had
     */
    public Optional<Sampled> of(Eligibility eligible, long pages) throws SQLException {
        SqlFragment query = IntStream.range(0, PLACES)
                .mapToObj(place -> at(place, eligible, pages))
                .reduce((left, right) -> left.then(" UNION ALL ", right))
                .orElseThrow();
        Optional<List<Place>> places = asking.quickly(LONGEST, () -> {
            Sql.of("SELECT pg_catalog.set_config('max_parallel_workers_per_gather', '0', true)")
                    .one(asking.connection(), row -> row.getString(1));
            return query.statement()
                    .list(
                            asking.connection(),
                            row -> new Place(
                                    row.getInt("place"), row.getLong("all_rows"), row.getLong("eligible_rows")));
        });
        return places.map(found -> whole(found, pages));
    }

    private static SqlFragment at(int place, Eligibility eligible, long pages) {
        double stride = (double) pages / PLACES;
        long from = Math.round(stride * place + (stride - PAGES) / 2);
        return SqlFragment.of("SELECT " + place
                        + " AS place, pg_catalog.count(*) AS all_rows, pg_catalog.count(*) FILTER (WHERE ")
                .then("", eligible.predicate())
                .then(
                        "",
                        SqlFragment.of(
                                ") AS eligible_rows FROM ONLY " + Identifiers.quote(eligible.table())
                                        + " AS t WHERE t.ctid OPERATOR(pg_catalog.>=) CAST(? AS pg_catalog.tid)"
                                        + " AND t.ctid OPERATOR(pg_catalog.<) CAST(? AS pg_catalog.tid)",
                                "(" + from + ",0)",
                                "(" + (from + PAGES) + ",0)"));
    }

    /**
     * Scales a sample up. Its error comes from the differences between neighbours, which fits a table that lies in some order as
     * well as one that does not (Wolter, Introduction to Variance Estimation, 2nd ed., section 8.2, estimator v2). Where there is
     * no eligible row at any place, they may lie between two.
     */
    static Sampled whole(List<Place> sample, long pages) {
        List<Place> places =
                sample.stream().sorted(Comparator.comparingInt(Place::number)).toList();
        int n = places.size();
        double scale = (double) pages / ((long) n * PAGES);
        double squares = 0;
        for (int i = 1; i < n; i++) {
            double difference = places.get(i).eligible() - places.get(i - 1).eligible();
            squares += difference * difference;
        }
        long all = Math.round(scale * places.stream().mapToLong(Place::rows).sum());
        long eligible =
                Math.round(scale * places.stream().mapToLong(Place::eligible).sum());
        double unread = Math.max(0, 1 - 1 / scale);
        double error = scale * n * Math.sqrt(unread * squares / (2.0 * n * (n - 1)));
        long margin = eligible == 0 ? Math.ceilDiv(all, n) : Math.round(2 * error);
        return new Sampled(eligible, margin, all, (long) n * PAGES);
    }
}
