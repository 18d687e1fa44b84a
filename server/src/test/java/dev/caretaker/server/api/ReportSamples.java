package dev.caretaker.server.api;

import static dev.caretaker.server.api.ReportParts.NIGHTLY;
import static dev.caretaker.server.api.ReportParts.SINCE;
import static dev.caretaker.server.api.ReportParts.UNTIL;
import static dev.caretaker.server.api.ReportParts.debt;
import static dev.caretaker.server.api.ReportParts.finding;
import static dev.caretaker.server.api.ReportParts.growth;
import static dev.caretaker.server.api.ReportParts.hold;
import static dev.caretaker.server.api.ReportParts.id;
import static dev.caretaker.server.api.ReportParts.kept;
import static dev.caretaker.server.api.ReportParts.lanes;
import static dev.caretaker.server.api.ReportParts.none;
import static dev.caretaker.server.api.ReportParts.notRun;
import static dev.caretaker.server.api.ReportParts.policies;
import static dev.caretaker.server.api.ReportParts.removed;
import static dev.caretaker.server.api.ReportParts.runs;
import static dev.caretaker.server.api.ReportParts.sets;
import static dev.caretaker.server.api.ReportParts.spans;
import static dev.caretaker.server.api.ReportParts.step;
import static dev.caretaker.server.api.ReportParts.table;

import dev.caretaker.server.cleanup.plan.kept.Estimate;
import dev.caretaker.server.detect.Severity;
import dev.caretaker.server.report.HealthOpinion.Opinion;
import dev.caretaker.server.report.HealthOpinion.Reason;
import dev.caretaker.server.report.HealthOpinion.Verdict;
import dev.caretaker.server.report.Period;
import dev.caretaker.server.report.RunReport;
import dev.caretaker.server.report.ScheduleOutlook.Coming;
import dev.caretaker.server.report.TargetReport;
import dev.caretaker.server.report.TargetReport.OpenFindings;
import dev.caretaker.server.report.TargetReport.SpanLine;
import dev.caretaker.server.report.growth.Growth;
import dev.caretaker.server.report.observe.Observation.TableLook;
import dev.caretaker.server.report.observe.Observations.BeforeAfter;
import dev.caretaker.server.report.observe.Observations.ObservedTable;
import dev.caretaker.server.report.observe.StatementTimes;
import dev.caretaker.server.report.observe.StatementTimes.Mean;
import dev.caretaker.server.run.RunError;
import dev.caretaker.server.run.RunEvent;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.DesiredState;
import dev.caretaker.server.store.Outcome;
import dev.caretaker.server.store.ReportRows.RunCount;
import dev.caretaker.server.store.ReportRows.ScheduleTally;
import dev.caretaker.server.store.ReportRows.Space;
import dev.caretaker.server.store.ReportRows.StateTime;
import dev.caretaker.server.store.ReportRows.Throttle;
import dev.caretaker.server.store.ReportStore.Some;
import dev.caretaker.server.store.RunKind;
import dev.caretaker.server.store.RunState;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.store.Totals;
import dev.caretaker.server.store.Tuning;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reports that are always the same. */
final class ReportSamples {
    /** Names that somebody may have given to a table. */
    static final String SCRIPT = "<script>alert(1)</script>";

    static final String TABLE_BREAKER = "a|b`c*d_e[x](http://evil)";

    static final String RIGHT_TO_LEFT = "שלום\u202Eevil";

    static final String LONGEST = "x".repeat(63);

    private static final List<ScheduleTally> TALLIES = List.of(
            new ScheduleTally("hourly-upkeep", 166, 2, 0, 2, 0, 0, 0),
            new ScheduleTally("nightly", 6, 1, 1, 0, 1, 0, 0),
            new ScheduleTally("purge-logs", 5, 0, 0, 0, 0, 1, 1));

    private ReportSamples() {}

    static TargetReport shop() {
        return new TargetReport(
                UNTIL.plusSeconds(42),
                "shop",
                new Period(SINCE, UNTIL),
                new Opinion(
                        Verdict.CRITICAL,
                        List.of(
                                new Reason(
                                        Verdict.CRITICAL,
                                        "HEALTH_REASON_CODE_RUN_ENDED_BADLY",
                                        "The latest cleanup ended as FAILED. The server ended the session: out of disk.",
                                        id(3).toString()),
                                new Reason(
                                        Verdict.ATTENTION,
                                        "HEALTH_REASON_CODE_FINDING",
                                        "Table " + SCRIPT + " has 1,200,000 dead rows.",
                                        "aaaa000011112222"),
                                new Reason(
                                        Verdict.ATTENTION,
                                        "HEALTH_REASON_CODE_ON_HOLD",
                                        "Work is on hold by anna: the disks are moved",
                                        id(70).toString())),
                        2),
                removed(3_481_920, true, 812_004, 120, 0, 5_120_000_000L, 9_800_000_000L)
                        .plus(kept("table old|orders", 2_061_489).plus(kept("nas", 1_204_311))),
                List.of(
                        new RunCount(RunKind.CLEANUP, Optional.of(Outcome.COMPLETE), 12),
                        new RunCount(RunKind.CLEANUP, Optional.of(Outcome.PINNED), 1),
                        new RunCount(RunKind.CLEANUP, Optional.of(Outcome.FAILED), 1),
                        new RunCount(RunKind.ROUTINE, Optional.of(Outcome.COMPLETE), 7),
                        new RunCount(RunKind.VACUUM, Optional.empty(), 1)),
                new Some<>(runs(), 22),
                lanes(),
                new Some<>(policies(), 5),
                spans(),
                Duration.ofDays(1),
                new Some<>(TALLIES, 3),
                ScheduleTally.sum(TALLIES),
                new Some<>(notRun(), 4),
                new Some<>(sets(), 2),
                new Some<>(
                        List.of(
                                finding(
                                        Severity.CRITICAL,
                                        "xid-age",
                                        "Database shop is 84 % on its way to wraparound."),
                                finding(Severity.WARNING, "table-bloat", "Table " + TABLE_BREAKER + " is 61 % empty."),
                                finding(Severity.INFO, "index-unused", "Index " + RIGHT_TO_LEFT + " was never used.")),
                        5),
                new Some<>(List.of(finding(Severity.WARNING, "slot-wal", "Slot old_replica keeps 12 GB of log.")), 1),
                new OpenFindings(1, 4, 11),
                new Some<>(
                        List.of(
                                new Space(
                                        table("orders_pkey"),
                                        "reindex",
                                        1,
                                        2_200_000_000L,
                                        900_000_000L,
                                        1_300_000_000L,
                                        0,
                                        0),
                                new Space(
                                        table("orders"),
                                        "vacuum",
                                        7,
                                        18_400_000_000L,
                                        18_300_000_000L,
                                        100_000_000L,
                                        2_400_000,
                                        1_200)),
                        2),
                List.of(hold()),
                new Some<>(List.of(debt()), 1),
                new Some<>(
                        List.of(
                                new Coming(
                                        "hourly-upkeep",
                                        "upkeep of all partition sets",
                                        UNTIL.plusSeconds(3_600),
                                        168,
                                        false,
                                        168,
                                        ""),
                                new Coming(
                                        "purge-logs",
                                        "cleanup of logs",
                                        UNTIL.plusSeconds(7_200),
                                        1_000,
                                        true,
                                        1_000,
                                        ""),
                                new Coming(
                                        "nightly",
                                        "routine standard",
                                        UNTIL.plusSeconds(72_000),
                                        7,
                                        false,
                                        5,
                                        "On hold since 2026-11-29T20:00:00Z by anna until 2026-12-02T00:00:00Z: the disks are moved.")),
                        3),
                growth(),
                14,
                0,
                List.of("Findings that went before 2026-11-25T06:00:00Z are no longer kept (retention.findings)."));
    }

    /** Nothing was there, and nothing was done. */
    static TargetReport nothing() {
        return new TargetReport(
                UNTIL,
                "quiet",
                new Period(SINCE, UNTIL),
                new Opinion(Verdict.GOOD, List.of(), 0),
                Totals.NONE,
                List.of(),
                none(),
                List.of(),
                none(),
                List.of(new SpanLine(SINCE, 0, 0)),
                Duration.ofDays(1),
                none(),
                ScheduleTally.sum(List.of()),
                none(),
                none(),
                none(),
                none(),
                new OpenFindings(0, 0, 0),
                none(),
                List.of(),
                none(),
                none(),
                new Growth(
                        "quiet",
                        SINCE,
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        List.of()),
                0,
                0,
                List.of());
    }

    static RunReport failed() {
        RunError error = new RunError(
                "STATEMENT_FAILED",
                "could not extend file \"base/16384/24601\": No space left on device",
                "53100",
                Map.of("table", SCRIPT, "policy", "orders"));
        Totals orders = removed(812_400, true, 0, 0, 0, 121_000_000, 0)
                .plus(Totals.ofArchived(List.of(new Totals.Archived("table old|orders", 812_400, 121_000_000))));
        Totals strange = removed(1_000, false, 30, 12, 5, 90_000, 4_096);
        RunView run = new RunView(
                id(3),
                RunKind.CLEANUP,
                "shop",
                RunState.ENDED,
                DesiredState.RUNNING,
                Optional.of(Outcome.FAILED),
                "could not extend file",
                Optional.empty(),
                Optional.of(id(90)),
                Optional.empty(),
                NIGHTLY,
                SINCE,
                Optional.of(SINCE.plusSeconds(30)),
                Optional.of(SINCE.plusSeconds(1_830)),
                Optional.empty(),
                Optional.empty(),
                List.of(
                        step(1, "index-range", "orders", "orders", Optional.of(Outcome.COMPLETE), orders, "Done."),
                        step(
                                2,
                                "block-range",
                                SCRIPT,
                                TABLE_BREAKER,
                                Optional.of(Outcome.FAILED),
                                strange,
                                error.message()),
                        step(3, "vacuum", LONGEST, "", Optional.empty(), Totals.NONE, "")),
                List.of(
                        new RunEvent.TableTotals("orders", table("orders"), orders),
                        new RunEvent.TableTotals(TABLE_BREAKER, new TableName("odd", SCRIPT), strange)),
                orders.plus(strange),
                Tuning.DEFAULT,
                Optional.of(error),
                List.of(debt()),
                "",
                Optional.empty(),
                1,
                40);
        Estimate expected = new Estimate(
                820_000,
                false,
                9_000_000,
                122_000_000,
                122_000_000,
                0,
                400_000_000,
                900,
                Duration.ofMinutes(14),
                Estimate.Source.STATISTICS,
                List.of(),
                OptionalLong.empty());
        return new RunReport(
                SINCE.plusSeconds(1_830),
                run,
                7,
                0,
                Optional.of(new RunReport.Plan(
                        id(90),
                        SINCE.minusSeconds(5),
                        NIGHTLY,
                        Optional.of(expected),
                        List.of(new RunReport.Cutoff("orders", table("orders"), SINCE.minus(Duration.ofDays(90)))),
                        List.of(
                                "More than half of the table would be removed.",
                                "Deletes cascade to " + TABLE_BREAKER + "."),
                        10)),
                List.of(
                        new StateTime(RunState.RUNNING, 4, Duration.ofSeconds(1_100), ""),
                        new StateTime(RunState.THROTTLED, 3, Duration.ofSeconds(500), "A standby lags behind."),
                        new StateTime(
                                RunState.WAITING_LOCK, 1, Duration.ofSeconds(200), "Run 4711 works on " + SCRIPT + "."),
                        new StateTime(RunState.QUEUED, 1, Duration.ofSeconds(30), "")),
                List.of(
                        new Throttle("REPLICATION_LAG", 12, Duration.ofSeconds(480), 268_435_456, 67_108_864),
                        new Throttle("COMMIT_TIME", 3, Duration.ofMillis(900), 41.5, 12.25)),
                new Some<>(
                        List.of(
                                new RunReport.Happened(
                                        7,
                                        SINCE.plusSeconds(100),
                                        new RunEvent.Warning(
                                                "BATCH_RETRIED", "A batch was tried again: deadlock.", 1, Map.of())),
                                new RunReport.Happened(
                                        9,
                                        SINCE.plusSeconds(200),
                                        new RunEvent.StateChanged(
                                                RunState.RUNNING,
                                                RunState.PAUSED,
                                                "Asked for by anna: *too* <b>busy</b> now",
                                                Optional.of(new Actor("anna", false))))),
                        3),
                new Some<>(List.of(), 0),
                Optional.of(observed()));
    }

    private static BeforeAfter observed() {
        return new BeforeAfter(
                Optional.of(SINCE.plusSeconds(30)),
                Optional.of(SINCE.plusSeconds(1_830)),
                Optional.empty(),
                Optional.of(SINCE.plusSeconds(88_230)),
                1,
                List.of(new ObservedTable(
                        table(SCRIPT),
                        Optional.of(new TableLook(table(SCRIPT), 9_000_000_000L, false, 41_000_000, 1_200_000)),
                        Optional.of(new TableLook(table(SCRIPT), 8_900_000_000L, true, 40_188_000, 300)),
                        new StatementTimes(
                                Optional.of(new Mean(3.42, 120_400, Optional.empty(), SINCE)),
                                Optional.empty(),
                                List.of("Statements are looked at a day after the run.")))),
                List.of());
    }
}
