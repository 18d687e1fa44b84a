package dev.caretaker.server.console.web;

import dev.caretaker.v1.ArchiveServiceGrpc;
import dev.caretaker.v1.ArchiveServiceGrpc.ArchiveServiceBlockingStub;
import dev.caretaker.v1.AuditServiceGrpc;
import dev.caretaker.v1.AuditServiceGrpc.AuditServiceBlockingStub;
import dev.caretaker.v1.BackupServiceGrpc;
import dev.caretaker.v1.BackupServiceGrpc.BackupServiceBlockingStub;
import dev.caretaker.v1.ConversionServiceGrpc;
import dev.caretaker.v1.ConversionServiceGrpc.ConversionServiceBlockingStub;
import dev.caretaker.v1.GrowthServiceGrpc;
import dev.caretaker.v1.GrowthServiceGrpc.GrowthServiceBlockingStub;
import dev.caretaker.v1.HealthServiceGrpc;
import dev.caretaker.v1.HealthServiceGrpc.HealthServiceBlockingStub;
import dev.caretaker.v1.HoldServiceGrpc;
import dev.caretaker.v1.HoldServiceGrpc.HoldServiceBlockingStub;
import dev.caretaker.v1.IssueServiceGrpc;
import dev.caretaker.v1.IssueServiceGrpc.IssueServiceBlockingStub;
import dev.caretaker.v1.MaintenanceServiceGrpc;
import dev.caretaker.v1.MaintenanceServiceGrpc.MaintenanceServiceBlockingStub;
import dev.caretaker.v1.PartitionServiceGrpc;
import dev.caretaker.v1.PartitionServiceGrpc.PartitionServiceBlockingStub;
import dev.caretaker.v1.PolicyServiceGrpc;
import dev.caretaker.v1.PolicyServiceGrpc.PolicyServiceBlockingStub;
import dev.caretaker.v1.ReportServiceGrpc;
import dev.caretaker.v1.ReportServiceGrpc.ReportServiceBlockingStub;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.RunServiceGrpc.RunServiceBlockingStub;
import dev.caretaker.v1.ScheduleServiceGrpc;
import dev.caretaker.v1.ScheduleServiceGrpc.ScheduleServiceBlockingStub;
import dev.caretaker.v1.TargetServiceGrpc;
import dev.caretaker.v1.TargetServiceGrpc.TargetServiceBlockingStub;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.stub.AbstractBlockingStub;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The services as the user calls them. Unary calls are bounded in time; streams last as long as somebody reads them. */
public final class Api {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /** Nobody looks at an empty page for longer; planning has its own. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Channel channel;

    /** @param token that proves who calls; empty where nobody must prove it */
    Api(Channel channel, String token) {
        if (token.isEmpty()) {
            this.channel = channel;
        } else {
            Metadata headers = new Metadata();
            headers.put(AUTHORIZATION, "Bearer " + token);
            this.channel = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
        }
    }

    public TargetServiceBlockingStub targets() {
        return bounded(TargetServiceGrpc.newBlockingStub(channel));
    }

    public HealthServiceBlockingStub health() {
        return bounded(HealthServiceGrpc.newBlockingStub(channel));
    }

    public GrowthServiceBlockingStub growth() {
        return bounded(GrowthServiceGrpc.newBlockingStub(channel));
    }

    public RunServiceBlockingStub runs() {
        return bounded(RunServiceGrpc.newBlockingStub(channel));
    }

    public HoldServiceBlockingStub holds() {
        return bounded(HoldServiceGrpc.newBlockingStub(channel));
    }

    public AuditServiceBlockingStub audit() {
        return bounded(AuditServiceGrpc.newBlockingStub(channel));
    }

    public ScheduleServiceBlockingStub schedules() {
        return bounded(ScheduleServiceGrpc.newBlockingStub(channel));
    }

    public PolicyServiceBlockingStub policies() {
        return bounded(PolicyServiceGrpc.newBlockingStub(channel));
    }

    public PartitionServiceBlockingStub partitions() {
        return bounded(PartitionServiceGrpc.newBlockingStub(channel));
    }

    public ConversionServiceBlockingStub conversions() {
        return bounded(ConversionServiceGrpc.newBlockingStub(channel));
    }

    public ArchiveServiceBlockingStub archives() {
        return bounded(ArchiveServiceGrpc.newBlockingStub(channel));
    }

    public BackupServiceBlockingStub backups() {
        return bounded(BackupServiceGrpc.newBlockingStub(channel));
    }

    public IssueServiceBlockingStub issues() {
        return bounded(IssueServiceGrpc.newBlockingStub(channel));
    }

    public ReportServiceBlockingStub reports() {
        return bounded(ReportServiceGrpc.newBlockingStub(channel));
    }

    /** Its plans may take minutes: give them a deadline of their own. */
    public MaintenanceServiceBlockingStub maintenance() {
        return bounded(MaintenanceServiceGrpc.newBlockingStub(channel));
    }

    /** Without bound: for WatchRun. */
    public RunServiceBlockingStub watching() {
        return RunServiceGrpc.newBlockingStub(channel);
    }

    /** The first answer of a stream that starts a run. The run goes on without anybody who follows it. */
    public static <T> T first(Supplier<Iterator<T>> call) {
        return leaving(() -> call.get().next());
    }

    /** Work with streams, which are left when it is done, however that ends. */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        T done() throws E;
    }

    /** Does such work. */
    public static <T, E extends Exception> T leaving(Work<T, E> work) throws E {
        Context.CancellableContext context = Context.current().withCancellation();
        Context before = context.attach();
        try {
            return work.done();
        } finally {
            context.detach(before);
            context.cancel(null);
        }
    }

    private static <S extends AbstractBlockingStub<S>> S bounded(S stub) {
        return stub.withDeadline(Deadline.after(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    }
}
