package dev.caretaker.cli.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.Events;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.GetRunRequest;
import dev.caretaker.v1.PauseRunRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorsTest {
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private Cli.Result answeredWith(Code code, String... args) {
        server.on("GetRun", GetRunRequest.class, request -> {
            throw FakeServer.error(code, "SOME_REASON", "something is so");
        });
        return Cli.to(server).run(args);
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_ARGUMENT, 2", "FAILED_PRECONDITION, 3", "NOT_FOUND, 3", "ABORTED, 3", "PERMISSION_DENIED, 3",
        "ALREADY_EXISTS, 3", "UNAUTHENTICATED, 3", "OUT_OF_RANGE, 3", "UNAVAILABLE, 4", "DEADLINE_EXCEEDED, 4",
        "CANCELLED, 5", "INTERNAL, 1", "UNKNOWN, 1", "UNIMPLEMENTED, 1"
    })
    void every_code_has_its_exit_code_and_one_line(Code code, int exitCode) {
        Cli.Result result = answeredWith(code, "runs", "show", Events.RUN);
        assertThat(result.exitCode()).isEqualTo(exitCode);
        assertThat(result.err()).isEqualTo("caretaker: something is so [SOME_REASON]\n");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void verbose_adds_metadata_and_the_stack() {
        assertThat(answeredWith(Code.NOT_FOUND, "runs", "show", Events.RUN, "--verbose")
                        .err())
                .startsWith("caretaker: something is so [SOME_REASON]\n  hint: look closer\n")
                .contains("\tat ");
    }

    @Test
    void a_server_that_is_not_there_is_named() {
        String address = server.address();
        server.stop();
        Cli.Result result = new Cli().run("runs", "show", Events.RUN, "--server", address);
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err()).startsWith("caretaker: cannot reach " + address + ": Connection refused");
    }

    @Test
    void an_answer_that_does_not_come_ends_the_wait() {
        server.onStream("GetRun", GetRunRequest.class, (request, stream) -> {});
        Cli.Result result = Cli.to(server).run("runs", "show", Events.RUN, "--timeout", "200ms");
        assertThat(result.exitCode()).isEqualTo(4);
        assertThat(result.err()).contains("no answer from " + server.address() + " in time");
    }

    @Test
    void an_old_server_that_lacks_a_call_is_a_failure() {
        Cli.Result result = Cli.to(server).run("runs", "pause", Events.RUN);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("caretaker: PauseRun [UNIMPLEMENTED]\n");
        assertThat(server.requests(PauseRunRequest.class)).hasSize(1);
    }
}
