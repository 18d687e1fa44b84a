package dev.caretaker.cli.testing;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.caretaker.v1.ArchiveServiceGrpc;
import dev.caretaker.v1.AuditServiceGrpc;
import dev.caretaker.v1.BackupServiceGrpc;
import dev.caretaker.v1.ConversionServiceGrpc;
import dev.caretaker.v1.GrowthServiceGrpc;
import dev.caretaker.v1.HealthServiceGrpc;
import dev.caretaker.v1.HoldServiceGrpc;
import dev.caretaker.v1.IssueServiceGrpc;
import dev.caretaker.v1.MaintenanceServiceGrpc;
import dev.caretaker.v1.NotificationServiceGrpc;
import dev.caretaker.v1.PartitionServiceGrpc;
import dev.caretaker.v1.PolicyServiceGrpc;
import dev.caretaker.v1.ReportServiceGrpc;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.ScheduleServiceGrpc;
import dev.caretaker.v1.TargetServiceGrpc;
import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** A gRPC server on a real socket whose answers a test gives, with the errors the real one makes. */
public final class FakeServer implements AutoCloseable {
    private final Map<String, BiConsumer<Message, StreamObserver<Message>>> answers = new ConcurrentHashMap<>();
    private final List<Message> requests = new CopyOnWriteArrayList<>();
    private final List<Metadata> headers = new CopyOnWriteArrayList<>();
    private Server server;

    public FakeServer() {
        this(0, InsecureServerCredentials.create());
    }

    public FakeServer(int port, ServerCredentials credentials) {
        start(port, credentials);
    }

    /** Answers every call of a method, for example "GetRun". */
    public <Q extends Message> FakeServer on(String method, Class<Q> request, Function<Q, Message> answer) {
        return onStream(method, request, (given, stream) -> {
            stream.onNext(answer.apply(given));
            stream.onCompleted();
        });
    }

    /** Answers every call of a method with any number of messages. */
    public <Q extends Message> FakeServer onStream(
            String method, Class<Q> request, BiConsumer<Q, StreamObserver<Message>> answer) {
        answers.put(method, (given, stream) -> answer.accept(request.cast(given), stream));
        return this;
    }

    /** Ends all connections, and listens again on the same port. */
    public void restart() {
        int port = server.getPort();
        stop();
        start(port, InsecureServerCredentials.create());
    }

    public void stop() {
        server.shutdownNow();
        try {
            server.awaitTermination();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public String address() {
        return "127.0.0.1:" + server.getPort();
    }

    public int port() {
        return server.getPort();
    }

    /** Requests of a type, in the order of their arrival. */
    public <Q extends Message> List<Q> requests(Class<Q> type) {
        return requests.stream().filter(type::isInstance).map(type::cast).toList();
    }

    public <Q extends Message> Q request(Class<Q> type) {
        List<Q> all = requests(type);
        return all.get(all.size() - 1);
    }

    public Metadata lastHeaders() {
        return headers.get(headers.size() - 1);
    }

    /** An error as the real server makes it. */
    public static StatusRuntimeException error(Code code, String reason, String message, String... violations) {
        BadRequest.Builder bad = BadRequest.newBuilder();
        for (int i = 0; i < violations.length; i += 2) {
            bad.addFieldViolationsBuilder().setField(violations[i]).setDescription(violations[i + 1]);
        }
        ErrorInfo info = ErrorInfo.newBuilder()
                .setReason(reason)
                .setDomain("caretaker.dev")
                .putMetadata("hint", "look closer")
                .build();
        Status.Builder status = Status.newBuilder()
                .setCode(code.getNumber())
                .setMessage(message)
                .addDetails(Any.pack(info));
        if (violations.length > 0) {
            status.addDetails(Any.pack(bad.build()));
        }
        return StatusProto.toStatusRuntimeException(status.build());
    }

    private void start(int port, ServerCredentials credentials) {
        OkHttpServerBuilder builder = OkHttpServerBuilder.forPort(port, credentials)
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata given, ServerCallHandler<Q, A> next) {
                        headers.add(given);
                        return next.startCall(call, given);
                    }
                });
        for (BindableService service : List.<BindableService>of(
                new TargetServiceGrpc.TargetServiceImplBase() {},
                new PolicyServiceGrpc.PolicyServiceImplBase() {},
                new ScheduleServiceGrpc.ScheduleServiceImplBase() {},
                new HoldServiceGrpc.HoldServiceImplBase() {},
                new ArchiveServiceGrpc.ArchiveServiceImplBase() {},
                new HealthServiceGrpc.HealthServiceImplBase() {},
                new ReportServiceGrpc.ReportServiceImplBase() {},
                new BackupServiceGrpc.BackupServiceImplBase() {},
                new AuditServiceGrpc.AuditServiceImplBase() {},
                new GrowthServiceGrpc.GrowthServiceImplBase() {},
                new NotificationServiceGrpc.NotificationServiceImplBase() {},
                new ConversionServiceGrpc.ConversionServiceImplBase() {},
                new PartitionServiceGrpc.PartitionServiceImplBase() {},
                new MaintenanceServiceGrpc.MaintenanceServiceImplBase() {},
                new IssueServiceGrpc.IssueServiceImplBase() {},
                new RunServiceGrpc.RunServiceImplBase() {})) {
            builder.addService(answering(service.bindService()));
        }
        try {
            server = builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServerServiceDefinition answering(ServerServiceDefinition service) {
        ServerServiceDefinition.Builder builder = ServerServiceDefinition.builder(service.getServiceDescriptor());
        for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
            add(builder, method.getMethodDescriptor());
        }
        return builder.build();
    }

    @SuppressWarnings("unchecked")
    private <Q, A> void add(ServerServiceDefinition.Builder builder, MethodDescriptor<Q, A> method) {
        builder.addMethod(method, ServerCalls.asyncServerStreamingCall((request, observer) -> {
            requests.add((Message) request);
            BiConsumer<Message, StreamObserver<Message>> answer = answers.get(method.getBareMethodName());
            if (answer == null) {
                observer.onError(io.grpc.Status.UNIMPLEMENTED
                        .withDescription(method.getBareMethodName())
                        .asRuntimeException());
                return;
            }
            try {
                answer.accept((Message) request, (StreamObserver<Message>) observer);
            } catch (StatusRuntimeException e) {
                observer.onError(e);
            }
        }));
    }

    @Override
    public void close() {
        stop();
    }
}
