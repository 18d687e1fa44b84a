package dev.caretaker.server.report.gather;

import dev.caretaker.server.report.Period;
import dev.caretaker.server.report.growth.CatchUp;
import dev.caretaker.server.report.growth.Growth;
import dev.caretaker.server.report.growth.Growth.DatabaseGrowth;
import dev.caretaker.server.report.growth.Growth.DiskGrowth;
import dev.caretaker.server.report.growth.Growth.PolicyGrowth;
import dev.caretaker.server.report.growth.Growth.TableGrowth;
import dev.caretaker.server.report.growth.Point;
import dev.caretaker.server.report.growth.Series;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** As much of how a target grew as a report has room for. */
final class Grown {
    private static final int MOST_TABLES = 20;
    private static final int MOST_POLICIES = 100;
    private static final int MOST_POINTS = 60;
    /** Shorter ones hardly let expect anything. */
    private static final Duration LEAST = Duration.ofDays(30);

    private Grown() {}

    /** How far back to look. */
    static Duration window(Period period) {
        return period.length().compareTo(LEAST) > 0 ? period.length() : LEAST;
    }

    static long tablesLeftOut(Growth growth) {
        return Math.max(0, growth.tables().size() - MOST_TABLES);
    }

    static long policiesLeftOut(Growth growth) {
        return Math.max(0, growth.policies().size() - MOST_POLICIES);
    }

    /** The largest tables, the policies that catch up least, and series of few points: what is expected is read from all. */
    static Growth part(Growth growth) {
        return new Growth(
                growth.target(),
                growth.since(),
                growth.samples(),
                growth.latest(),
                growth.failing(),
                growth.database().map(Grown::part),
                growth.tables().stream().limit(MOST_TABLES).map(Grown::part).toList(),
                growth.others(),
                growth.policies().stream()
                        .sorted(Comparator.comparingInt(Grown::rank))
                        .limit(MOST_POLICIES)
                        .sorted(Comparator.comparing(PolicyGrowth::policy))
                        .map(Grown::part)
                        .toList());
    }

    private static int rank(PolicyGrowth policy) {
        return switch (policy.catchUp().verdict()) {
            case NEVER -> 0;
            case UNCLEAR -> 1;
            case CATCHES_UP -> 2;
            case KEEPS_UP -> 3;
            case UNKNOWN -> 4;
        };
    }

    private static DatabaseGrowth part(DatabaseGrowth database) {
        return new DatabaseGrowth(
                database.bytes(),
                thinned(database.series()),
                database.disk()
                        .map(disk -> new DiskGrowth(
                                disk.diskBytes(),
                                disk.serverBytes(),
                                disk.unseenDatabases(),
                                thinned(disk.series()),
                                disk.full())));
    }

    private static TableGrowth part(TableGrowth table) {
        return new TableGrowth(
                table.table(),
                table.size(),
                table.taken(),
                thinned(table.series()),
                thinned(table.rows()),
                table.limitBytes(),
                table.limit());
    }

    private static PolicyGrowth part(PolicyGrowth policy) {
        CatchUp known = policy.catchUp();
        return new PolicyGrowth(
                policy.policy(),
                policy.table(),
                new CatchUp(
                        known.verdict(),
                        known.eligible(),
                        known.exact(),
                        thinned(known.series()),
                        known.inflowPerDay(),
                        known.outflowPerDay(),
                        known.lastRun(),
                        known.done(),
                        known.reason()),
                policy.problem(),
                policy.values());
    }

    /** Evenly, with the first and the last. */
    private static Series thinned(Series series) {
        List<Point> all = series.points();
        if (all.size() <= MOST_POINTS) {
            return series;
        }
        List<Point> some = new ArrayList<>();
        for (int i = 0; i < MOST_POINTS; i++) {
            some.add(all.get((int) ((long) i * (all.size() - 1) / (MOST_POINTS - 1))));
        }
        return new Series(some, series.trend(), series.note());
    }
}
