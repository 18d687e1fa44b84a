package dev.caretaker.cli.reindex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.Events;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.CleanReindexLeftoversRequest;
import dev.caretaker.v1.CleanReindexLeftoversResponse;
import dev.caretaker.v1.Pace;
import dev.caretaker.v1.ReindexLeftover;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.RunReindexRequest;
import dev.caretaker.v1.RunReindexResponse;
import dev.caretaker.v1.TableName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReindexTest {
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void what_is_given_is_sent_and_the_rest_is_left_to_the_server() {
        server.onStream("RunReindex", RunReindexRequest.class, (request, stream) -> {
            Events.all(RunOutcome.RUN_OUTCOME_COMPLETE)
                    .forEach(event -> stream.onNext(
                            RunReindexResponse.newBuilder().setEvent(event).build()));
            stream.onCompleted();
        });
        Cli.Result result = Cli.to(server)
                .run(
                        "reindex",
                        "jobs_pkey",
                        "--target",
                        "shop",
                        "--table",
                        "app.jobs",
                        "--min-size",
                        "1MB",
                        "--force",
                        "--pace",
                        "fast");
        assertThat(result.exitCode()).as(result.err()).isZero();
        RunReindexRequest sent = server.request(RunReindexRequest.class);
        assertThat(sent.getIndexes(0).getName()).isEqualTo("jobs_pkey");
        assertThat(sent.getTables(0).getSchema()).isEqualTo("app");
        assertThat(sent.getMinBloatBytes()).isEqualTo(1 << 20);
        assertThat(sent.hasMinBloatPercent()).isFalse();
        assertThat(sent.hasCoolDown()).isFalse();
        assertThat(sent.getForce()).isTrue();
        assertThat(sent.getPace()).isEqualTo(Pace.PACE_FAST);
        assertThat(Cli.to(server).run("reindex").err()).contains("--target names the target");
    }

    @Test
    void leftovers_are_listed_with_why_they_stay() {
        server.on(
                "CleanReindexLeftovers",
                CleanReindexLeftoversRequest.class,
                request -> CleanReindexLeftoversResponse.newBuilder()
                        .addLeftovers(ReindexLeftover.newBuilder()
                                .setIndex(TableName.newBuilder()
                                        .setSchema("public")
                                        .setName("jobs_pkey_ccnew"))
                                .setTable(TableName.newBuilder()
                                        .setSchema("public")
                                        .setName("jobs"))
                                .setBytes(8192)
                                .setReason("A run is working on its table."))
                        .build());
        Cli.Result result = Cli.to(server).run("reindex", "leftovers", "--target", "shop", "--drop");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).containsPattern("jobs_pkey_ccnew +jobs +8 kB +stays: A run is working");
        assertThat(server.request(CleanReindexLeftoversRequest.class).getDrop()).isTrue();
    }
}
