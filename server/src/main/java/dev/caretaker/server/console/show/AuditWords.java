package dev.caretaker.server.console.show;

import dev.caretaker.v1.ArchiveServiceGrpc;
import dev.caretaker.v1.AuditOutcome;
import dev.caretaker.v1.BackupServiceGrpc;
import dev.caretaker.v1.ConversionServiceGrpc;
import dev.caretaker.v1.HoldServiceGrpc;
import dev.caretaker.v1.IssueServiceGrpc;
import dev.caretaker.v1.MaintenanceServiceGrpc;
import dev.caretaker.v1.NotificationServiceGrpc;
import dev.caretaker.v1.PartitionServiceGrpc;
import dev.caretaker.v1.PolicyServiceGrpc;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.ScheduleServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Entries of the audit in words. */
public final class AuditWords {
    private static final List<String> METHODS = Stream.of(
                    ArchiveServiceGrpc.getServiceDescriptor(),
                    BackupServiceGrpc.getServiceDescriptor(),
                    ConversionServiceGrpc.getServiceDescriptor(),
                    HoldServiceGrpc.getServiceDescriptor(),
                    IssueServiceGrpc.getServiceDescriptor(),
                    MaintenanceServiceGrpc.getServiceDescriptor(),
                    NotificationServiceGrpc.getServiceDescriptor(),
                    PartitionServiceGrpc.getServiceDescriptor(),
                    PolicyServiceGrpc.getServiceDescriptor(),
                    RunServiceGrpc.getServiceDescriptor(),
                    ScheduleServiceGrpc.getServiceDescriptor())
            .map(ServiceDescriptor::getMethods)
            .flatMap(methods -> methods.stream())
            .filter(AuditWords::changes)
            .map(MethodDescriptor::getBareMethodName)
            .sorted()
            .toList();

    private AuditWords() {}

    /** Calls of which it is recorded who asks, which a form offers. */
    public static List<String> methods() {
        return METHODS;
    }

    private static boolean changes(MethodDescriptor<?, ?> method) {
        return method.getSchemaDescriptor() instanceof ProtoMethodDescriptorSupplier known
                && known.getMethodDescriptor().getInputType().findFieldByName("actor") != null;
    }

    /** ExecuteCleanup as "Execute cleanup". */
    public static String of(String method) {
        String words = method.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
        return words.isEmpty() ? words : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    public static String of(AuditOutcome outcome) {
        return switch (outcome) {
            case AUDIT_OUTCOME_OK -> "done";
            case AUDIT_OUTCOME_REFUSED -> "refused";
            case AUDIT_OUTCOME_STARTED -> "begun";
            case AUDIT_OUTCOME_UNSPECIFIED, UNRECOGNIZED -> "not known";
        };
    }

    public static String tone(AuditOutcome outcome) {
        return switch (outcome) {
            case AUDIT_OUTCOME_OK -> "good";
            case AUDIT_OUTCOME_REFUSED -> "attention";
            case AUDIT_OUTCOME_STARTED, AUDIT_OUTCOME_UNSPECIFIED, UNRECOGNIZED -> "quiet";
        };
    }
}
