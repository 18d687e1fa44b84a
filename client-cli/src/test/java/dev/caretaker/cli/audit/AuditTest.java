package dev.caretaker.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.Actor;
import dev.caretaker.v1.AuditEntry;
import dev.caretaker.v1.AuditOutcome;
import dev.caretaker.v1.ListAuditEntriesRequest;
import dev.caretaker.v1.ListAuditEntriesResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditTest {
    private static final AuditEntry PAUSED = AuditEntry.newBuilder()
            .setTime(Timestamp.newBuilder().setSeconds(1_800_000_000))
            .setActor(Actor.newBuilder().setName("ada").setVerified(true))
            .setMethod("PauseRun")
            .setTarget("shop")
            .setOutcome(AuditOutcome.AUDIT_OUTCOME_OK)
            .putSummary("run_id", "r-1")
            .putSummary("reason", "lunch\u001b[2J")
            .build();
    private static final AuditEntry REFUSED = AuditEntry.newBuilder()
            .setTime(Timestamp.newBuilder().setSeconds(1_799_999_999))
            .setActor(Actor.newBuilder().setName("eve"))
            .setMethod("ExecuteCleanup")
            .setOutcome(AuditOutcome.AUDIT_OUTCOME_REFUSED)
            .setReason("PLAN_STALE")
            .setMessage("The policy has changed.")
            .build();

    private final FakeServer server = new FakeServer();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void entries_tell_who_asked_what_and_what_became_of_it() {
        server.on(
                "ListAuditEntries",
                ListAuditEntriesRequest.class,
                request -> ListAuditEntriesResponse.newBuilder()
                        .addEntries(PAUSED)
                        .addEntries(REFUSED)
                        .build());

        String out = Cli.to(server).run("audit").out();

        assertThat(out)
                .contains("ada", "PauseRun", "shop", "run_id=r-1", "eve (claimed)", "refused")
                .contains("PLAN_STALE: The policy has changed.")
                .doesNotContain("\u001b[2J");
    }

    @Test
    void filters_and_a_limit_beyond_a_page_are_asked_of_the_server() {
        server.on(
                "ListAuditEntries",
                ListAuditEntriesRequest.class,
                request -> ListAuditEntriesResponse.newBuilder()
                        .addEntries(PAUSED)
                        .setNextPageToken("more")
                        .build());

        Cli.Result result = Cli.to(server)
                .run(
                        "audit",
                        "--target",
                        "shop",
                        "--by",
                        "ada",
                        "--method",
                        "PauseRun",
                        "--outcome",
                        "ok",
                        "--about",
                        "r-1",
                        "--since",
                        "7d",
                        "--limit",
                        "2");

        assertThat(server.requests(ListAuditEntriesRequest.class))
                .hasSize(2)
                .last()
                .satisfies(asked -> {
                    assertThat(asked.getTarget()).isEqualTo("shop");
                    assertThat(asked.getAskedBy()).isEqualTo("ada");
                    assertThat(asked.getMethod()).isEqualTo("PauseRun");
                    assertThat(asked.getOutcome()).isEqualTo(AuditOutcome.AUDIT_OUTCOME_OK);
                    assertThat(asked.getAbout()).isEqualTo("r-1");
                    assertThat(asked.hasAfterTime()).isTrue();
                    assertThat(asked.getPageToken()).isEqualTo("more");
                    assertThat(asked.getPageSize()).isEqualTo(1);
                });
        assertThat(result.err()).contains("--limit");
        assertThat(Cli.to(server).run("audit", "--outcome", "lost").exitCode()).isEqualTo(2);
    }
}
