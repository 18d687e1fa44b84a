package dev.caretaker.cli.routine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.RunAccepted;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunRoutineRequest;
import dev.caretaker.v1.RunRoutineResponse;
import dev.caretaker.v1.RunStep;
import dev.caretaker.v1.TableName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RoutineTest {
    private final FakeServer server = new FakeServer();

    @BeforeEach
    void answer() {
        server.onStream("RunRoutine", RunRoutineRequest.class, (request, stream) -> {
            stream.onNext(RunRoutineResponse.newBuilder()
                    .setEvent(RunEvent.newBuilder()
                            .setAccepted(RunAccepted.newBuilder()
                                    .setTarget("shop")
                                    .addSteps(part(1, "old-jobs"))
                                    .addSteps(part(2, "failed-jobs"))))
                    .build());
            stream.onCompleted();
        });
    }

    private static RunStep part(int ordinal, String policy) {
        return RunStep.newBuilder()
                .setOrdinal(ordinal)
                .setKind("part")
                .setRelation(TableName.newBuilder().setSchema("app").setName("Jobs"))
                .setPolicy(policy)
                .build();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_dry_run_tells_the_policies_of_one_table_apart() {
        Cli.Result result = Cli.to(server).run("routine", "standard", "--target", "shop", "--dry-run");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .containsPattern("1 +part +app\\.Jobs +old-jobs")
                .containsPattern("2 +part +app\\.Jobs +failed-jobs");
        RunRoutineRequest sent = server.request(RunRoutineRequest.class);
        assertThat(sent.getRoutine()).isEqualTo("standard");
        assertThat(sent.getValidateOnly()).isTrue();
    }
}
