package dev.caretaker.cli.connect;

import dev.caretaker.cli.error.CommandFailure;
import dev.caretaker.cli.error.ExitCode;
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
import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.AbstractStub;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The channel to the server, and the services behind it. Unary calls end after a time limit, streams do not. */
public final class Connection implements AutoCloseable {
    private static final Duration USUAL_LIMIT = Duration.ofSeconds(30);
    /** Servers take pings more often than every five minutes for abuse, and hang up. */
    private static final int PING_MINUTES = 6;

    private static final int LARGEST_ANSWER_BYTES = 64 * 1024 * 1024;

    private final ManagedChannel channel;
    private final Duration limit;

    private Connection(ManagedChannel channel, Duration limit) {
        this.channel = channel;
        this.limit = limit;
    }

    /** Prepares a channel; nothing is sent before the first call. */
    public static Connection open(Address address, Security security) {
        OkHttpChannelBuilder builder = builder(address, security.credentials(address))
                .directExecutor()
                .maxInboundMessageSize(LARGEST_ANSWER_BYTES)
                .keepAliveTime(PING_MINUTES, TimeUnit.MINUTES)
                .disableRetry();
        if (!security.token().isEmpty()) {
            builder.intercept(new BearerToken(security.token()));
        }
        return new Connection(builder.build(), null);
    }

    private static OkHttpChannelBuilder builder(Address address, ChannelCredentials credentials) {
        try {
            return OkHttpChannelBuilder.forAddress(address.host(), address.port(), credentials);
        } catch (IllegalArgumentException e) {
            // The files were read, but are not what they should be.
            throw new CommandFailure(ExitCode.USAGE, "--ca, --cert and --key must be PEM files: " + e.getMessage(), e);
        }
    }

    /** The same channel with the time limit that the user gave; null means the usual one. */
    public Connection within(Duration given) {
        return new Connection(channel, given);
    }

    /** The same channel with a time limit for calls that usually take longer, unless the user gave one. */
    public Connection usuallyWithin(Duration usual) {
        return limit == null ? within(usual) : this;
    }

    public TargetServiceGrpc.TargetServiceBlockingStub targets() {
        return limited(TargetServiceGrpc.newBlockingStub(channel));
    }

    public PolicyServiceGrpc.PolicyServiceBlockingStub policies() {
        return limited(PolicyServiceGrpc.newBlockingStub(channel));
    }

    public PartitionServiceGrpc.PartitionServiceBlockingStub partitions() {
        return limited(PartitionServiceGrpc.newBlockingStub(channel));
    }

    /** For streams, which last as long as they last. */
    public PartitionServiceGrpc.PartitionServiceStub partitionStreams() {
        return PartitionServiceGrpc.newStub(channel);
    }

    public ConversionServiceGrpc.ConversionServiceBlockingStub conversions() {
        return limited(ConversionServiceGrpc.newBlockingStub(channel));
    }

    /** For streams, which last as long as they last. */
    public ConversionServiceGrpc.ConversionServiceStub conversionStreams() {
        return ConversionServiceGrpc.newStub(channel);
    }

    public ScheduleServiceGrpc.ScheduleServiceBlockingStub schedules() {
        return limited(ScheduleServiceGrpc.newBlockingStub(channel));
    }

    public HealthServiceGrpc.HealthServiceBlockingStub health() {
        return limited(HealthServiceGrpc.newBlockingStub(channel));
    }

    public ReportServiceGrpc.ReportServiceBlockingStub reports() {
        return limited(ReportServiceGrpc.newBlockingStub(channel));
    }

    public GrowthServiceGrpc.GrowthServiceBlockingStub growth() {
        return limited(GrowthServiceGrpc.newBlockingStub(channel));
    }

    public BackupServiceGrpc.BackupServiceBlockingStub backups() {
        return limited(BackupServiceGrpc.newBlockingStub(channel));
    }

    /** For streams, which last as long as their runs. */
    public BackupServiceGrpc.BackupServiceStub backupStreams() {
        return BackupServiceGrpc.newStub(channel);
    }

    public ArchiveServiceGrpc.ArchiveServiceBlockingStub archives() {
        return limited(ArchiveServiceGrpc.newBlockingStub(channel));
    }

    /** For looks, which last as long as an archive is large. */
    public ArchiveServiceGrpc.ArchiveServiceBlockingStub archiveLooks() {
        return ArchiveServiceGrpc.newBlockingStub(channel);
    }

    /** For streams, which last as long as they last. */
    public ArchiveServiceGrpc.ArchiveServiceStub archiveStreams() {
        return ArchiveServiceGrpc.newStub(channel);
    }

    public AuditServiceGrpc.AuditServiceBlockingStub audit() {
        return limited(AuditServiceGrpc.newBlockingStub(channel));
    }

    public HoldServiceGrpc.HoldServiceBlockingStub holds() {
        return limited(HoldServiceGrpc.newBlockingStub(channel));
    }

    public NotificationServiceGrpc.NotificationServiceBlockingStub notifications() {
        return limited(NotificationServiceGrpc.newBlockingStub(channel));
    }

    public MaintenanceServiceGrpc.MaintenanceServiceBlockingStub maintenance() {
        return limited(MaintenanceServiceGrpc.newBlockingStub(channel));
    }

    public IssueServiceGrpc.IssueServiceBlockingStub issues() {
        return limited(IssueServiceGrpc.newBlockingStub(channel));
    }

    public RunServiceGrpc.RunServiceBlockingStub runs() {
        return limited(RunServiceGrpc.newBlockingStub(channel));
    }

    /** For streams, which last as long as they last. */
    public MaintenanceServiceGrpc.MaintenanceServiceStub maintenanceStreams() {
        return MaintenanceServiceGrpc.newStub(channel);
    }

    /** For streams, which last as long as they last. */
    public RunServiceGrpc.RunServiceStub runStreams() {
        return RunServiceGrpc.newStub(channel);
    }

    /** Tries to connect at the next call, however long gRPC itself would wait after failures. */
    public void hurry() {
        channel.resetConnectBackoff();
    }

    private <S extends AbstractStub<S>> S limited(S stub) {
        return stub.withDeadlineAfter((limit == null ? USUAL_LIMIT : limit).toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
