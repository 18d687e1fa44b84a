package dev.caretaker.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Timestamps;
import dev.caretaker.v1.BackupSelection;
import dev.caretaker.v1.BackupServiceGrpc;
import dev.caretaker.v1.RecordExternalBackupRequest;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.TableName;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Archives and backups with their proofs in the console, without scripts. */
class ConsoleKeepingTest {
    private final ConsoleServer server = ConsoleServer.shared();
    private Browser browser;

    @BeforeEach
    void signIn() {
        HostileScene.of(server);
        browser = Browser.signedIn(server);
    }

    @Test
    void an_archive_is_verified_beside_and_its_page_tells_the_end() {
        String visible = HostileDatabase.TURNED.replace("\u202E", "\\u202e");
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(browser.get("/console/archives?target=main")
                                .html()
                                .select("tbody")
                                .text())
                        .contains(visible, "3,000", "whole"));
        Element row = browser.get("/console/archives").html().selectFirst("tbody tr");
        String path = row.selectFirst("a").attr("href");
        Document before = browser.get(path).html();

        browser.submit(before, path + "/verify", Map.of("level", "VERIFY_LEVEL_RESTORED"));

        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(
                                browser.get(path).html().select(".pill").text())
                        .isEqualTo("whole, restored and compared"));
        assertThat(before.select(".pill").text()).startsWith("whole").doesNotContain("restored");
        assertThat(before.select(".figures").text()).contains("Rows 3,000", "Parts 1");
        assertThat(before.select("#parts ~ table code").text()).matches("[0-9a-f]{64}");
        assertThat(before.select(".facts").text()).contains("nas", "by ada");
        Document audit = browser.get(
                        "/console/audit?method=VerifyArchive&about=" + path.substring(path.lastIndexOf('/') + 1))
                .html();
        assertThat(audit.select("tbody tr")).hasSize(1);
        assertThat(audit.select("tbody tr").text()).contains(ConsoleServer.CALLER, "Verify archive", "done", "main");
    }

    @Test
    void a_backup_is_proven_by_a_run_and_pinned_with_a_reason() {
        String backup = backup();
        String path = "/console/backups/" + backup;
        end("/console/runs/" + backup);
        Document before = browser.get(path).html();

        String run =
                browser.submit(before, path + "/verify", Map.of("scratch", "")).location();
        end(run);
        Document proven = browser.get(path).html();
        Document pinned = browser.follow(browser.submit(proven, path + "/pin", Map.of("reason", "<i>audit</i>")))
                .html();
        Document list = browser.get("/console/backups").html();

        assertThat(before.select(".pill").text()).isEqualTo("not proven yet");
        assertThat(before.select("#contents ~ table").text()).contains("jobs", "3,100");
        assertThat(proven.select(".pill").text()).startsWith("proven");
        assertThat(proven.select("#proof ~ .facts").text()).contains("embedded PostgreSQL");
        assertThat(pinned.select("main > .notice").text()).contains("Pinned by ada", "<i>audit</i>");
        assertThat(list.select("tbody").text()).contains("1 chosen table", "pinned", "rows compared");
    }

    @Test
    void how_the_backups_of_a_target_are_stands_beside_them_whoever_makes_them() {
        BackupServiceGrpc.newBlockingStub(server.channel())
                .recordExternalBackup(RecordExternalBackupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setTarget(ConsoleServer.TARGET)
                        .setSource("ebs-snapshot")
                        .setReference("<b>snap</b>")
                        .setTime(Timestamps.now())
                        .build());

        Document page = browser.get("/console/backups?target=main").html();

        assertThat(page.select("[aria-labelledby=backup-health] .facts").text())
                .contains("by ebs-snapshot", "<b>snap</b>", "Newest proven none ever", "archive_mode is off");
        assertThat(page.select("[aria-labelledby=backup-health] .details").text())
                .contains("No backup was ever proven by restoring it");
        assertThat(browser.get("/console/backups?target=nowhere").status()).isEqualTo(200);
    }

    private String backup() {
        return BackupServiceGrpc.newBlockingStub(server.channel())
                .runBackup(RunBackupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setTarget(ConsoleServer.TARGET)
                        .setDestination(ConsoleServer.DESTINATION)
                        .setSelection(BackupSelection.newBuilder()
                                .addTables(TableName.newBuilder()
                                        .setSchema("public")
                                        .setName("jobs")))
                        .build())
                .next()
                .getEvent()
                .getRunId();
    }

    private void end(String run) {
        await().atMost(Duration.ofMinutes(3))
                .untilAsserted(
                        () -> assertThat(browser.get(run).html().select(".pill").text())
                                .contains("complete"));
    }
}
