package dev.caretaker.server.api;

import static dev.caretaker.server.api.ReportSamples.LONGEST;
import static dev.caretaker.server.api.ReportSamples.RIGHT_TO_LEFT;
import static dev.caretaker.server.api.ReportSamples.SCRIPT;
import static dev.caretaker.server.api.ReportSamples.TABLE_BREAKER;

import dev.caretaker.server.detect.Confidence;
import dev.caretaker.server.detect.Finding;
import dev.caretaker.server.detect.ImpactUnit;
import dev.caretaker.server.detect.RawFinding;
import dev.caretaker.server.detect.Severity;
import dev.caretaker.server.report.TargetReport.Lane;
import dev.caretaker.server.report.TargetReport.Overdue;
import dev.caretaker.server.report.TargetReport.PolicyLine;
import dev.caretaker.server.report.TargetReport.SetLine;
import dev.caretaker.server.report.TargetReport.SpanLine;
import dev.caretaker.server.report.TargetReport.Stretch;
import dev.caretaker.server.report.growth.CatchUp;
import dev.caretaker.server.report.growth.Forecast;
import dev.caretaker.server.report.growth.Growth;
import dev.caretaker.server.report.growth.Growth.DatabaseGrowth;
import dev.caretaker.server.report.growth.Growth.DiskGrowth;
import dev.caretaker.server.report.growth.Growth.PolicyGrowth;
import dev.caretaker.server.report.growth.Growth.TableGrowth;
import dev.caretaker.server.report.growth.GrowthSample.TableSize;
import dev.caretaker.server.report.growth.Point;
import dev.caretaker.server.report.growth.Series;
import dev.caretaker.server.report.growth.Trend;
import dev.caretaker.server.run.DebtView;
import dev.caretaker.server.run.StepView;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.FireOutcome;
import dev.caretaker.server.store.HoldRow;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.ReportRows.NotRun;
import dev.caretaker.server.store.ReportRows.RunLine;
import dev.caretaker.server.store.ReportRows.SetWork;
import dev.caretaker.server.store.ReportStore.Some;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/** What {@link ReportSamples} are made of. */
final class ReportParts {
    static final Instant UNTIL = Instant.parse("2026-11-30T06:00:00Z");
    static final Instant SINCE = UNTIL.minus(Duration.ofDays(7));
    static final Actor NIGHTLY = new Actor("schedule nightly", true);

    private ReportParts() {}

    static Growth growth() {
        Series database = growing(38_000_000_000L, 310_000_000);
        Series events = growing(18_000_000_000L, 240_000_000);
        Instant full = UNTIL.plus(Duration.ofDays(140));
        return new Growth(
                "shop",
                UNTIL.minus(Duration.ofDays(30)),
                36,
                Optional.of(UNTIL.minusSeconds(21_000)),
                Optional.empty(),
                Optional.of(new DatabaseGrowth(
                        47_300_000_000L,
                        database,
                        Optional.of(new DiskGrowth(
                                90_000_000_000L,
                                48_000_000_000L,
                                0,
                                database,
                                new Forecast(
                                        Forecast.State.EXPECTED,
                                        Optional.of(full),
                                        Optional.of(full.minus(Duration.ofDays(30))),
                                        Optional.empty(),
                                        Optional.empty()))))),
                List.of(
                        grown("events", 25_200_000_000L, 61_000_000, events, Optional.empty()),
                        grown(
                                SCRIPT,
                                9_000_000_000L,
                                41_000_000,
                                growing(9_300_000_000L, -10_000_000),
                                Optional.of(new Forecast(
                                        Forecast.State.NOT_GROWING,
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty())))),
                Optional.empty(),
                List.of(
                        new PolicyGrowth(
                                "events",
                                table("events"),
                                catchUp(
                                        CatchUp.Verdict.KEEPS_UP,
                                        0,
                                        170_000,
                                        172_000,
                                        "Its last cleanup left nothing behind."),
                                "",
                                Optional.empty()),
                        new PolicyGrowth(
                                "orders",
                                table("orders"),
                                catchUp(
                                        CatchUp.Verdict.NEVER,
                                        4_100_000,
                                        390_000,
                                        294_000,
                                        "More becomes eligible than cleanups remove."),
                                "",
                                Optional.empty())));
    }

    static CatchUp catchUp(CatchUp.Verdict verdict, long eligible, double in, double out, String reason) {
        return new CatchUp(
                verdict,
                OptionalLong.of(eligible),
                eligible == 0,
                new Series(List.of(), Optional.empty(), ""),
                OptionalDouble.of(in),
                OptionalDouble.of(out),
                Optional.of(UNTIL.minusSeconds(33_000)),
                Optional.empty(),
                reason);
    }

    static TableGrowth grown(String name, long bytes, long rows, Series series, Optional<Forecast> limit) {
        return new TableGrowth(
                table(name),
                new TableSize(table(name), bytes * 3 / 4, bytes / 4, 0, rows, 1_200, rows, 0, false),
                UNTIL.minusSeconds(21_000),
                series,
                series,
                limit.isPresent() ? OptionalLong.of(20_000_000_000L) : OptionalLong.empty(),
                limit);
    }

    static Series growing(long from, long perDay) {
        List<Point> points = new ArrayList<>();
        for (int day = 0; day < 30; day++) {
            long wave = perDay / 3 * (day % 7 - 3);
            points.add(new Point(UNTIL.minus(Duration.ofDays(30 - day)), from + day * perDay + wave));
        }
        Instant first = points.getFirst().at();
        Instant last = points.getLast().at();
        return new Series(points, Optional.of(new Trend(perDay, perDay * 0.9, perDay * 1.1, 30, first, last)), "");
    }

    static <T> Some<T> none() {
        return new Some<>(List.of(), 0);
    }

    static UUID id(int number) {
        return new UUID(0x3f00_0000_0000_4000L + ((long) number << 32), 0x8000_0000_0000_0000L + number);
    }

    static TableName table(String name) {
        return new TableName("public", name);
    }

    static Totals kept(String place, long rows) {
        return Totals.ofArchived(List.of(new Totals.Archived(place, rows, 100 * rows)));
    }

    static Totals removed(
            long rows, boolean exact, long cascaded, long pinned, long residual, long reusable, long returned) {
        return new Totals(
                rows,
                exact,
                cascaded,
                List.of(),
                pinned,
                residual,
                reusable,
                reusable,
                returned,
                3 * reusable,
                rows / 1_000,
                1,
                Duration.ofSeconds(rows / 1_000),
                List.of(),
                Totals.Space.NONE,
                List.of(),
                Totals.Restored.NONE);
    }

    static StepView step(
            int ordinal,
            String kind,
            String table,
            String policy,
            Optional<Outcome> outcome,
            Totals totals,
            String message) {
        boolean begun = outcome.isPresent();
        return new StepView(
                ordinal,
                kind,
                table(table),
                policy,
                outcome,
                totals.rowsDeleted() * 2,
                totals,
                message,
                begun ? Optional.of(SINCE.plusSeconds(40)) : Optional.empty(),
                begun ? Optional.of(SINCE.plusSeconds(900)) : Optional.empty());
    }

    static List<RunLine> runs() {
        List<RunLine> runs = new ArrayList<>();
        for (int day = 0; day < 6; day++) {
            Instant at = SINCE.plus(Duration.ofDays(day)).plusSeconds(72_000);
            boolean failed = day == 2;
            runs.add(new RunLine(
                    id(day + 1),
                    failed ? RunKind.CLEANUP : RunKind.ROUTINE,
                    RunState.ENDED,
                    Optional.of(failed ? Outcome.FAILED : Outcome.COMPLETE),
                    List.of(failed ? "orders" : "standard"),
                    "schedule nightly",
                    at,
                    Optional.of(at.plusSeconds(1)),
                    Optional.of(at.plusSeconds(900 + 600L * day)),
                    failed ? 813_400 : 420_000 + 31_000L * day,
                    failed ? 0 : 410_000_000L,
                    9,
                    failed ? "could not extend file \"base/16384/24601\": No space left on device" : ""));
        }
        runs.add(new RunLine(
                id(7),
                RunKind.CLEANUP,
                RunState.ENDED,
                Optional.of(Outcome.PINNED),
                List.of(TABLE_BREAKER, SCRIPT),
                "anna",
                UNTIL.minusSeconds(40_000),
                Optional.of(UNTIL.minusSeconds(39_990)),
                Optional.of(UNTIL.minusSeconds(39_000)),
                120_000,
                0,
                2,
                "120 rows are held back by referencing rows."));
        runs.add(new RunLine(
                id(8),
                RunKind.VACUUM,
                RunState.WAITING_LOCK,
                Optional.empty(),
                List.of("public." + LONGEST),
                "anna",
                UNTIL.minusSeconds(3_000),
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                1,
                "Waits for run 4711, which works on the same table."));
        return runs;
    }

    static List<Lane> lanes() {
        List<Stretch> nights = new ArrayList<>();
        for (int day = 0; day < 6; day++) {
            int first = 24 + day * 28;
            nights.add(new Stretch(first, first + 1, Optional.of(Outcome.COMPLETE)));
        }
        return List.of(
                new Lane(
                        RunKind.CLEANUP,
                        List.of(
                                new Stretch(24, 25, Optional.of(Outcome.COMPLETE)),
                                new Stretch(80, 81, Optional.of(Outcome.FAILED)),
                                new Stretch(186, 187, Optional.of(Outcome.PINNED)))),
                new Lane(RunKind.VACUUM, List.of(new Stretch(198, 199, Optional.empty()))),
                new Lane(RunKind.ROUTINE, nights),
                new Lane(RunKind.UPKEEP, List.of(new Stretch(0, 199, Optional.of(Outcome.COMPLETE)))));
    }

    static List<PolicyLine> policies() {
        Optional<Overdue> none = Optional.of(new Overdue(Duration.ZERO, UNTIL));
        return List.of(
                policy(
                        "events",
                        "events",
                        true,
                        removed(1_204_311, true, 0, 0, 0, 2_100_000_000L, 9_600_000_000L)
                                .plus(kept("nas", 1_204_311)),
                        none),
                policy("logs", "logs", true, removed(96_120, true, 0, 0, 0, 40_000_000, 0), Optional.empty()),
                policy(
                        "orders",
                        "orders",
                        true,
                        removed(2_061_489, true, 812_004, 120, 0, 2_980_000_000L, 200_000_000)
                                .plus(kept("table old|orders", 2_061_489)),
                        Optional.of(new Overdue(Duration.ofHours(58), UNTIL))),
                policy(TABLE_BREAKER, SCRIPT, true, removed(120_000, false, 0, 0, 44, 900_000, 0), none),
                policy("right-to-left", RIGHT_TO_LEFT, false, Totals.NONE, Optional.empty()));
    }

    static PolicyLine policy(String name, String table, boolean exists, Totals totals, Optional<Overdue> overdue) {
        long runs = totals.rowsDeleted() > 0 ? 7 : 0;
        return new PolicyLine(
                name,
                table(table),
                exists,
                runs,
                name.equals("orders") ? 2 : 0,
                totals,
                runs > 0 ? Optional.of(UNTIL.minusSeconds(33_000)) : Optional.empty(),
                overdue);
    }

    static List<SpanLine> spans() {
        long[] rows = {412_000, 448_210, 930_400, 0, 501_220, 604_090, 586_000};
        List<SpanLine> spans = new ArrayList<>();
        for (int day = 0; day < rows.length; day++) {
            spans.add(new SpanLine(SINCE.plus(Duration.ofDays(day)), rows[day], rows[day] * 2_800));
        }
        return spans;
    }

    static List<NotRun> notRun() {
        return List.of(
                new NotRun(
                        "purge-logs",
                        FireOutcome.REFUSED,
                        "UNUSUAL_VOLUME",
                        "Policy logs would remove 4,100,000 rows, and 96,000 are usual: the plan waits for a person.",
                        1,
                        UNTIL.minusSeconds(20_000),
                        UNTIL.minusSeconds(20_000)),
                new NotRun(
                        "nightly",
                        FireOutcome.MISSED,
                        "",
                        "No server was there at the time. It was 3.2 h late then, and is caught up within 1.0 h.",
                        1,
                        SINCE.plusSeconds(331_200),
                        SINCE.plusSeconds(331_200)),
                new NotRun(
                        "nightly",
                        FireOutcome.STARTED,
                        "STATEMENT_FAILED",
                        "Run 3f failed: could not extend file \"base/16384/24601\": No space left on device",
                        1,
                        SINCE.plusSeconds(244_800),
                        SINCE.plusSeconds(244_800)),
                new NotRun(
                        "hourly-upkeep",
                        FireOutcome.SKIPPED_OVERLAP,
                        "",
                        "Run 3f was still going.",
                        2,
                        SINCE.plusSeconds(7_200),
                        SINCE.plusSeconds(10_800)));
    }

    static List<SetLine> sets() {
        return List.of(
                new SetLine(
                        new SetWork("events", true, 7, 7, 6, 8_400_000_000L, 0, 7, 9_900_000_000L),
                        Optional.of(Duration.ofDays(28)),
                        0),
                new SetLine(new SetWork("deliveries", false, 0, 0, 0, 0, 1, 2, 40_960), Optional.empty(), 1_204));
    }

    static Finding finding(Severity severity, String check, String message) {
        RawFinding found = new RawFinding(
                "0123456789abcdef",
                check,
                severity,
                Confidence.CERTAIN,
                "table",
                "public",
                "orders",
                message,
                0,
                ImpactUnit.NONE,
                "{\"secret\": 1}",
                Optional.empty(),
                false,
                false);
        return new Finding(found, SINCE.plusSeconds(60), UNTIL, Finding.Status.NEW, check.equals("index-unused"));
    }

    static HoldRow hold() {
        return new HoldRow(
                id(70),
                Optional.of("shop"),
                Set.of(RunKind.CLEANUP),
                "the disks are moved",
                new Actor("anna", true),
                UNTIL.minusSeconds(36_000),
                Optional.of(UNTIL.plus(Duration.ofDays(2))),
                true,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    static DebtView debt() {
        return new DebtView(
                id(80),
                "index-build",
                "shop",
                id(3),
                2,
                table("orders_created_ccnew"),
                table("orders"),
                "A rebuild of orders_created was begun; an invalid index may be left of it.",
                UNTIL.minusSeconds(9_000),
                3,
                "The target cannot be reached.",
                UNTIL.plusSeconds(60),
                Optional.empty());
    }
}
