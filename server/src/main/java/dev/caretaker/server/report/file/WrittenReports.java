package dev.caretaker.server.report.file;

import dev.caretaker.server.config.RoutineConfig;
import dev.caretaker.server.report.Document;
import dev.caretaker.server.report.Period;
import dev.caretaker.server.report.Reports;
import dev.caretaker.server.store.OutboxStore;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Writes reports that start by themselves, and tells of them. */
@Singleton
public final class WrittenReports {
    private final Reports reports;
    private final ReportFolder folder;
    private final OutboxStore outbox;

    WrittenReports(Reports reports, ReportFolder folder, OutboxStore outbox) {
        this.reports = reports;
        this.folder = folder;
        this.outbox = outbox;
    }

    /**
     * Writes the report of a target, of the time that ends with the minute in which a run was accepted: once more gives the same
     * file, and is told once. Fails with REPORT_NOT_WRITTEN.
     */
    public Path write(UUID runId, Instant accepted, String target, RoutineConfig.Report order) {
        Instant until = accepted.truncatedTo(ChronoUnit.MINUTES);
        Period period = new Period(until.minus(order.period()), until);
        Document document = reports.write(reports.ofTarget(target, period), order.format());
        Path file = folder.write(document);
        outbox.reportReady(runId, target, document.fileName(), order.format().text());
        return file;
    }
}
