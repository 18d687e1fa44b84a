package dev.caretaker.cli.completion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.Conversion;
import dev.caretaker.v1.ListConversionsRequest;
import dev.caretaker.v1.ListConversionsResponse;
import dev.caretaker.v1.ListPartitionSetsRequest;
import dev.caretaker.v1.ListPartitionSetsResponse;
import dev.caretaker.v1.ListPoliciesRequest;
import dev.caretaker.v1.ListPoliciesResponse;
import dev.caretaker.v1.ListRoutinesRequest;
import dev.caretaker.v1.ListRoutinesResponse;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.ListRunsResponse;
import dev.caretaker.v1.ListTargetsRequest;
import dev.caretaker.v1.ListTargetsResponse;
import dev.caretaker.v1.PartitionSet;
import dev.caretaker.v1.Policy;
import dev.caretaker.v1.Routine;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.Target;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionTest {
    private final FakeServer server = new FakeServer();

    @BeforeEach
    void answer() {
        server.on(
                "ListTargets",
                ListTargetsRequest.class,
                request -> ListTargetsResponse.newBuilder()
                        .addTargets(Target.newBuilder().setName("shop"))
                        .addTargets(Target.newBuilder().setName("billing"))
                        .build());
        server.on(
                "ListPolicies",
                ListPoliciesRequest.class,
                request -> ListPoliciesResponse.newBuilder()
                        .addPolicies(
                                Policy.newBuilder().setName(request.getTarget().isEmpty() ? "any" : "of-shop"))
                        .build());
        server.on(
                "ListRoutines",
                ListRoutinesRequest.class,
                request -> ListRoutinesResponse.newBuilder()
                        .addRoutines(Routine.newBuilder().setName("standard"))
                        .build());
        server.on(
                "ListRuns",
                ListRunsRequest.class,
                request -> ListRunsResponse.newBuilder()
                        .addRuns(Run.newBuilder().setRunId("0b6f8f0e-3c57-4a53-93cf-1f6d2d1c9d11"))
                        .build());
    }

    @BeforeEach
    void answerOfPartitions() {
        server.on(
                "ListPartitionSets",
                ListPartitionSetsRequest.class,
                request -> ListPartitionSetsResponse.newBuilder()
                        .addSets(PartitionSet.newBuilder().setName("events"))
                        .build());
        server.on(
                "ListConversions",
                ListConversionsRequest.class,
                request -> ListConversionsResponse.newBuilder()
                        .addConversions(Conversion.newBuilder().setConversionId("1c6f8f0e-3c57-4a53-93cf-1f6d2d1c9d11"))
                        .build());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Completes the last word of the line. */
    private List<String> complete(String line) {
        List<String> args = new ArrayList<>(List.of("complete-words"));
        List<String> words = List.of(line.split(" ", -1));
        args.add(Integer.toString(words.size() - 1));
        args.addAll(words.subList(1, words.size()));
        Cli.Result result = Cli.to(server).run(args.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result.out().lines().toList();
    }

    @ParameterizedTest
    @CsvSource({
        "'caretaker pol', policies",
        "'caretaker policies ap', apply",
        "'caretaker plan --targ', --target",
        "'caretaker plan --target s', shop",
        "'caretaker targets check b', billing",
        "'caretaker plan a', any",
        "'caretaker plan --target shop o', of-shop",
        "'caretaker --server SERVER policies show a', any",
        "'caretaker routine st', standard",
        "'caretaker runs watch 0b', 0b6f8f0e-3c57-4a53-93cf-1f6d2d1c9d11",
        "'caretaker partitions sets show e', events",
        "'caretaker partitions upkeep e', events",
        "'caretaker partitions create e', events",
        "'caretaker partitions retired list --set e', events",
        "'caretaker convert show 1c', 1c6f8f0e-3c57-4a53-93cf-1f6d2d1c9d11",
        "'caretaker runs list --state waiting-w', waiting-window",
        "'caretaker issues --fail-on cr', critical",
        "'caretaker health --fail-on a', attention",
        "'caretaker backups health --target s --fail-on a', attention",
        "'caretaker report --format m', markdown",
        "'caretaker backups run shop --format d', directory",
        "'caretaker execute x --on-interrupt c', cancel",
        "'caretaker targets list -o nd', ndjson",
        "'caretaker completion z', zsh"
    })
    void what_fits_is_offered(String line, String offered) {
        assertThat(complete(line.replace("SERVER", server.address()))).containsExactly(offered);
    }

    @Test
    void what_takes_a_free_value_offers_nothing_and_so_does_a_server_that_is_away() {
        assertThat(complete("caretaker plan --ttl ")).isEmpty();
        assertThat(complete("caretaker --server 127.0.0.1:1 plan --target ")).isEmpty();
    }

    /** What is offered for options that take one of a few is taken: the commands say so themselves. */
    @Test
    void every_state_kind_and_age_that_is_offered_is_accepted() {
        for (String option : List.of("--state", "--kind")) {
            List<String> offered = complete("caretaker runs list " + option + " ");
            assertThat(offered).hasSizeGreaterThan(3);
            for (String value : offered) {
                Cli.Result result = Cli.to(server).run("runs", "list", option, value);
                assertThat(result.exitCode()).as(value + result.err()).isZero();
            }
        }
    }
}
