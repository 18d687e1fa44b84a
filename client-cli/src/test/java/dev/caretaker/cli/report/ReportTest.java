package dev.caretaker.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.ReportFormat;
import dev.caretaker.v1.ReportPeriod;
import dev.caretaker.v1.RunReportRequest;
import dev.caretaker.v1.RunReportResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final String DOCUMENT = "# Maintenance of `shop`\n\nשלום\n";
    private static final String RUN = "0f0f0f0f-0000-4000-8000-000000000001";

    private final FakeServer server = new FakeServer()
            .on(
                    "RunReport",
                    RunReportRequest.class,
                    request -> RunReportResponse.newBuilder()
                            .setDocument(ByteString.copyFromUtf8(DOCUMENT))
                            .setFileName("caretaker-shop.md")
                            .build());

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        server.close();
    }

    private Cli.Result run(String... arguments) {
        return Cli.to(server).run(arguments);
    }

    @Test
    void a_report_goes_to_standard_output_as_it_is_in_Markdown_unless_another_format_is_asked_for() {
        Cli.Result result = run("report", "--target", "shop");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isEqualTo(DOCUMENT);
        assertThat(request().getFormat()).isEqualTo(ReportFormat.REPORT_FORMAT_MARKDOWN);
        assertThat(request().getPeriod())
                .isEqualTo(ReportPeriod.newBuilder().setTarget("shop").build());
        run("report", "--target", "shop", "-o", "json");
        assertThat(request().getFormat()).isEqualTo(ReportFormat.REPORT_FORMAT_JSON);
        run("report", "--run", RUN, "--format", "HTML");
        assertThat(request().getFormat()).isEqualTo(ReportFormat.REPORT_FORMAT_HTML);
        assertThat(request().getRunId()).isEqualTo(RUN);
    }

    private RunReportRequest request() {
        return server.request(RunReportRequest.class);
    }

    @Test
    void a_file_is_written_as_a_whole_and_its_name_tells_the_format() throws IOException {
        Path file = Files.writeString(folder.resolve("shop.HTML"), "an older one");
        Cli.Result result = run("report", "--target", "shop", "--to", file.toString());
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).isEmpty();
        assertThat(Files.readString(file)).isEqualTo(DOCUMENT);
        assertThat(request().getFormat()).isEqualTo(ReportFormat.REPORT_FORMAT_HTML);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
        Cli.Result nowhere = run(
                "report",
                "--target",
                "shop",
                "--to",
                folder.resolve("no/such.md").toString());
        assertThat(nowhere.exitCode()).isEqualTo(2);
        assertThat(nowhere.err()).contains("there is no folder");
    }

    @Test
    void times_are_days_instants_or_spans_back_from_now() {
        run("report", "--target", "shop", "--since", "2026-11-01", "--until", "2026-12-01T07:00+01:00");
        ReportPeriod period = request().getPeriod();
        assertThat(period.getSinceTime().getSeconds())
                .isEqualTo(Instant.parse("2026-11-01T00:00:00Z").getEpochSecond());
        assertThat(period.getUntilTime().getSeconds())
                .isEqualTo(Instant.parse("2026-12-01T06:00:00Z").getEpochSecond());
        run("report", "--target", "shop", "--since", "30d");
        assertThat(request().getPeriod().hasUntilTime()).isFalse();
        assertThat(request().getPeriod().getSinceTime().getSeconds()).isPositive();
        assertThat(run("report", "--target", "shop", "--since", "2026-13-01").err())
                .contains("--since: '2026-13-01' is not a day");
    }

    @Test
    void what_does_not_go_together_is_refused() {
        assertThat(run("report").err()).contains("Give --run or --target");
        assertThat(run("report", "--run", RUN, "--target", "shop").exitCode()).isEqualTo(2);
        assertThat(run("report", "--run", RUN, "--since", "7d").err()).contains("go with --target");
        assertThat(run("report", "--target", "shop", "--format", "pdf").err()).contains("none of html, markdown, json");
        assertThat(run("report", "--target", "shop", "--to", "shop.pdf").err()).contains("give --format");
        assertThat(run("report", "--target", "shop", "-o", "yaml").exitCode()).isEqualTo(2);
        assertThat(server.requests(RunReportRequest.class)).isEmpty();
    }
}
