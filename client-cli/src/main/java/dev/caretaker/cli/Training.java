package dev.caretaker.cli;

import dev.caretaker.v1.ListTargetsRequest;
import dev.caretaker.v1.ListTargetsResponse;
import dev.caretaker.v1.TargetServiceGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.StreamObserver;

/**
 * Runs once after a build while the JVM records which classes a command needs; the launcher keeps the recording
 * and later commands start from it. Talks to a server of its own, so that the classes of a real call are among them.
 */
final class Training {
    private Training() {}

    public static void main(String[] args) throws Exception {
        Main.commandLine().execute("--version");
        Server server = OkHttpServerBuilder.forPort(0, InsecureServerCredentials.create())
                .addService(new TargetServiceGrpc.TargetServiceImplBase() {
                    @Override
                    public void listTargets(ListTargetsRequest request, StreamObserver<ListTargetsResponse> response) {
                        response.onNext(ListTargetsResponse.getDefaultInstance());
                        response.onCompleted();
                    }
                })
                .build()
                .start();
        ManagedChannel channel = Grpc.newChannelBuilder(
                        "127.0.0.1:" + server.getPort(), InsecureChannelCredentials.create())
                .build();
        TargetServiceGrpc.newBlockingStub(channel).listTargets(ListTargetsRequest.getDefaultInstance());
        channel.shutdownNow();
        server.shutdownNow();
    }
}
