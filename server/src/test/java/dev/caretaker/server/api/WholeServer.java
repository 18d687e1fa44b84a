package dev.caretaker.server.api;

import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
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
import dev.caretaker.v1.NotificationServiceGrpc;
import dev.caretaker.v1.NotificationServiceGrpc.NotificationServiceBlockingStub;
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
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.util.HashMap;
import java.util.Map;

/** The whole server as it is, on a free port, with a control store of its own and one target, {@code main}. */
final class WholeServer implements AutoCloseable {
    private final ApplicationContext context;
    private final ManagedChannel channel;
    private final Database store;

    private WholeServer(ApplicationContext context, ManagedChannel channel, Database store) {
        this.context = context;
        this.store = store;
        this.channel = channel;
    }

    static WholeServer start(Database target) {
        return start(target, Map.of());
    }

    /** @param more configuration, beside the control store and the target or instead of it */
    static WholeServer start(Database target, Map<String, Object> more) {
        Database store = TestPostgres.controlStore();
        Map<String, Object> properties = new HashMap<>(Map.of(
                "caretaker.listen.port", 0,
                "caretaker.control-store.url", store.url(),
                "caretaker.control-store.user", store.user(),
                "caretaker.control-store.password", store.password(),
                "caretaker.targets.main.url", target.url(),
                "caretaker.targets.main.user", target.user(),
                "caretaker.targets.main.password", target.password()));
        properties.putAll(more);
        ApplicationContext context = ApplicationContext.builder(properties).start();
        int port = context.getBean(EmbeddedServer.class).start().getPort();
        return new WholeServer(
                context,
                Grpc.newChannelBuilderForAddress("localhost", port, InsecureChannelCredentials.create())
                        .build(),
                store);
    }

    /** Its control store. */
    Database store() {
        return store;
    }

    MaintenanceServiceBlockingStub maintenance() {
        return MaintenanceServiceGrpc.newBlockingStub(channel);
    }

    PolicyServiceBlockingStub policies() {
        return PolicyServiceGrpc.newBlockingStub(channel);
    }

    PartitionServiceBlockingStub partitions() {
        return PartitionServiceGrpc.newBlockingStub(channel);
    }

    ConversionServiceBlockingStub conversions() {
        return ConversionServiceGrpc.newBlockingStub(channel);
    }

    ScheduleServiceBlockingStub schedules() {
        return ScheduleServiceGrpc.newBlockingStub(channel);
    }

    HealthServiceBlockingStub health() {
        return HealthServiceGrpc.newBlockingStub(channel);
    }

    ReportServiceBlockingStub reports() {
        return ReportServiceGrpc.newBlockingStub(channel);
    }

    GrowthServiceBlockingStub growth() {
        return GrowthServiceGrpc.newBlockingStub(channel);
    }

    BackupServiceBlockingStub backups() {
        return BackupServiceGrpc.newBlockingStub(channel);
    }

    AuditServiceBlockingStub audit() {
        return AuditServiceGrpc.newBlockingStub(channel);
    }

    HoldServiceBlockingStub holds() {
        return HoldServiceGrpc.newBlockingStub(channel);
    }

    NotificationServiceBlockingStub notifications() {
        return NotificationServiceGrpc.newBlockingStub(channel);
    }

    ArchiveServiceBlockingStub archives() {
        return ArchiveServiceGrpc.newBlockingStub(channel);
    }

    RunServiceBlockingStub runs() {
        return RunServiceGrpc.newBlockingStub(channel);
    }

    TargetServiceBlockingStub targets() {
        return TargetServiceGrpc.newBlockingStub(channel);
    }

    IssueServiceBlockingStub issues() {
        return IssueServiceGrpc.newBlockingStub(channel);
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        context.close();
    }
}
