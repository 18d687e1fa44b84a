package dev.caretaker.cli;

import dev.caretaker.cli.terminal.Environment;
import dev.caretaker.v1.ListPoliciesRequest;
import dev.caretaker.v1.ListPoliciesResponse;
import dev.caretaker.v1.ListRunsRequest;
import dev.caretaker.v1.ListRunsResponse;
import dev.caretaker.v1.ListTargetsRequest;
import dev.caretaker.v1.ListTargetsResponse;
import dev.caretaker.v1.PolicyServiceGrpc;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.Target;
import dev.caretaker.v1.TargetServiceGrpc;
import dev.caretaker.v1.WatchRunRequest;
import dev.caretaker.v1.WatchRunResponse;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.StreamObserver;
import java.util.Map;

/**
 * Runs once after a build while the JVM records which classes commands need; the launcher keeps the recording and later
 * commands start from it. Talks to a server of its own, so that the classes of a real call are among them.
 */
final class Training {
    private Training() {}

    public static void main(String[] args) throws Exception {
        Server server = OkHttpServerBuilder.forPort(0, InsecureServerCredentials.create())
                .addService(new Targets())
                .addService(new Policies())
                .addService(new Runs())
                .build()
                .start();
        String address = "127.0.0.1:" + server.getPort();
        Environment process = Environment.ofProcess();
        Environment environment = new Environment(
                Map.of(),
                process.in(),
                process.out(),
                process.err(),
                process.terminal(),
                process.interrupts(),
                process.clock(),
                process.userName());
        Main.run(environment, "--help");
        Main.run(environment, "targets", "list", "--server", address);
        Main.run(environment, "targets", "list", "--server", address, "-o", "json");
        Main.run(environment, "policies", "list", "--server", address, "-o", "yaml");
        Main.run(environment, "runs", "list", "--server", address);
        Main.run(environment, "execute", "--help");
        Main.run(environment, "runs", "watch", "--server", address, "any");
        Main.run(environment, "plan", "--server", address, "any");
        server.shutdownNow();
    }

    private static <A> void answer(StreamObserver<A> response, A message) {
        response.onNext(message);
        response.onCompleted();
    }

    private static final class Targets extends TargetServiceGrpc.TargetServiceImplBase {
        @Override
        public void listTargets(ListTargetsRequest request, StreamObserver<ListTargetsResponse> response) {
            Target target = Target.newBuilder().setName("any").build();
            answer(response, ListTargetsResponse.newBuilder().addTargets(target).build());
        }
    }

    private static final class Policies extends PolicyServiceGrpc.PolicyServiceImplBase {
        @Override
        public void listPolicies(ListPoliciesRequest request, StreamObserver<ListPoliciesResponse> response) {
            answer(response, ListPoliciesResponse.getDefaultInstance());
        }
    }

    private static final class Runs extends RunServiceGrpc.RunServiceImplBase {
        @Override
        public void listRuns(ListRunsRequest request, StreamObserver<ListRunsResponse> response) {
            answer(response, ListRunsResponse.getDefaultInstance());
        }

        @Override
        public void watchRun(WatchRunRequest request, StreamObserver<WatchRunResponse> response) {
            RunEvent.Builder event = RunEvent.newBuilder().setRunId("any");
            event.setSequence(1).getAcceptedBuilder().addStepsBuilder().setOrdinal(1);
            response.onNext(WatchRunResponse.newBuilder().setEvent(event).build());
            event.setSequence(2).getProgressBuilder().setStep(1).setRowsDone(1000);
            response.onNext(WatchRunResponse.newBuilder().setEvent(event).build());
            event.setSequence(3).getFinishedBuilder().addTablesBuilder();
            answer(response, WatchRunResponse.newBuilder().setEvent(event).build());
        }
    }
}
