package dev.caretaker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.rpc.BadRequest.FieldViolation;
import dev.caretaker.cli.error.ServerError;
import dev.caretaker.cli.testing.Cli;
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
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Whatever field of a request the server complains about, people read a name that they can type. */
class FieldsOfCommandsTest {
    /** What the client sets by itself, or never. */
    private static final Set<String> OWN =
            Set.of("request_id", "actor", "page_size", "page_token", "course_points", "top_level", "with_sums");

    /** What comes from files, whose keys are told. */
    private static final Set<String> FILES = Set.of("policies", "sets", "schedules", "calendars", "set");

    /** Told as one, whatever of it is wrong. */
    private static final Set<String> WHOLE = Set.of("TableName", "Filter", "RestoredPartition");

    private static final List<ServiceDescriptor> SERVICES = List.of(
            ArchiveServiceGrpc.getServiceDescriptor(),
            AuditServiceGrpc.getServiceDescriptor(),
            BackupServiceGrpc.getServiceDescriptor(),
            ConversionServiceGrpc.getServiceDescriptor(),
            GrowthServiceGrpc.getServiceDescriptor(),
            HealthServiceGrpc.getServiceDescriptor(),
            HoldServiceGrpc.getServiceDescriptor(),
            IssueServiceGrpc.getServiceDescriptor(),
            MaintenanceServiceGrpc.getServiceDescriptor(),
            NotificationServiceGrpc.getServiceDescriptor(),
            PartitionServiceGrpc.getServiceDescriptor(),
            PolicyServiceGrpc.getServiceDescriptor(),
            ReportServiceGrpc.getServiceDescriptor(),
            RunServiceGrpc.getServiceDescriptor(),
            ScheduleServiceGrpc.getServiceDescriptor(),
            TargetServiceGrpc.getServiceDescriptor());

    @Test
    void every_field_that_a_command_sets_is_told_by_a_name_that_some_command_has() {
        // Of the one thing that a command is about, whatever its label says.
        Set<String> known = new TreeSet<>(Set.of("NAME"));
        known(CommandTree.build(new Session(new Cli().environment())), known);
        Set<String> unknown = new TreeSet<>();
        requests()
                .forEach(request -> fields(request, "").forEach(field -> {
                    String told = told(field);
                    if (!known.contains(told)) {
                        unknown.add(request.getName() + "." + field + " is told as " + told);
                    }
                }));
        assertThat(unknown).isEmpty();
    }

    private static String told(String field) {
        FieldViolation violation = FieldViolation.newBuilder()
                .setField(field)
                .setDescription("is wrong")
                .build();
        ServerError error =
                new ServerError(Status.Code.INVALID_ARGUMENT, "", "INVALID_FIELD", Map.of(), List.of(violation), null);
        return error.sentence("").replaceFirst(": is wrong .*", "");
    }

    private static void known(CommandLine command, Set<String> names) {
        command.getCommandSpec().options().stream()
                .map(OptionSpec::names)
                .forEach(given -> names.addAll(List.of(given)));
        command.getCommandSpec().positionalParameters().stream()
                .map(ArgSpec::paramLabel)
                .forEach(names::add);
        command.getSubcommands().values().forEach(child -> known(child, names));
    }

    private static Stream<Descriptor> requests() {
        return SERVICES.stream()
                .map(ServiceDescriptor::getSchemaDescriptor)
                .map(ProtoServiceDescriptorSupplier.class::cast)
                .flatMap(supplier -> supplier.getServiceDescriptor().getMethods().stream())
                .map(MethodDescriptor::getInputType)
                .distinct();
    }

    /** Paths of all that can be wrong with it. */
    private static Stream<String> fields(Descriptor message, String before) {
        return message.getFields().stream()
                .filter(field -> !OWN.contains(field.getName()) && !FILES.contains(field.getName()))
                .flatMap(field -> {
                    String path = before + field.getName();
                    return isWhole(field) ? Stream.of(path) : fields(field.getMessageType(), path + ".");
                });
    }

    private static boolean isWhole(FieldDescriptor field) {
        return field.getJavaType() != FieldDescriptor.JavaType.MESSAGE
                || field.isMapField()
                || WHOLE.contains(field.getMessageType().getName())
                || field.getMessageType().getFullName().startsWith("google.");
    }
}
