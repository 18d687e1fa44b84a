package dev.caretaker.server.api;

import com.google.protobuf.ByteString;
import dev.caretaker.server.api.mapping.ReportReader;
import dev.caretaker.server.api.mapping.ReportWriter;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.config.ReportFormat;
import dev.caretaker.server.report.Document;
import dev.caretaker.server.report.Period;
import dev.caretaker.server.report.Report;
import dev.caretaker.server.report.Reports;
import dev.caretaker.v1.ReportPeriod;
import dev.caretaker.v1.ReportServiceGrpc;
import dev.caretaker.v1.RunReportRequest;
import dev.caretaker.v1.RunReportResponse;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/** Tells what was and was not done. */
@Singleton
final class ReportEndpoint extends ReportServiceGrpc.ReportServiceImplBase {
    private final Reports reports;
    private final Clock clock;

    ReportEndpoint(Reports reports, Clock clock) {
        this.reports = reports;
        this.clock = clock;
    }

    @Override
    public void runReport(RunReportRequest request, StreamObserver<RunReportResponse> observer) {
        Violations violations = new Violations();
        Optional<ReportFormat> format = ReportReader.format(violations, "format", request.getFormat());
        Report report = gather(violations, request);
        RunReportResponse.Builder response = RunReportResponse.newBuilder().setReport(ReportWriter.write(report));
        format.ifPresent(wanted -> {
            Document document = reports.write(report, wanted);
            response.setDocument(ByteString.copyFrom(document.content()))
                    .setMediaType(wanted.mediaType())
                    .setFileName(document.fileName());
        });
        Replies.send(observer, response.build());
    }

    private Report gather(Violations violations, RunReportRequest request) {
        return switch (request.getSubjectCase()) {
            case RUN_ID -> {
                UUID run = violations.uuid("run_id", request.getRunId());
                yield violations.checked(() -> reports.ofRun(run));
            }
            case PERIOD -> {
                ReportPeriod wanted = request.getPeriod();
                violations.required("period.target", wanted.getTarget());
                Period period = ReportReader.period(
                        violations, "period", wanted, clock.instant().truncatedTo(ChronoUnit.MICROS));
                yield violations.checked(() -> reports.ofTarget(wanted.getTarget(), period));
            }
            case SUBJECT_NOT_SET -> {
                violations.add("run_id", "is required, unless period is set");
                violations.check();
                throw new IllegalStateException("there is a violation");
            }
        };
    }
}
