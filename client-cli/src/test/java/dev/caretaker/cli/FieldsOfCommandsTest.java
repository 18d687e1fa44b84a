package dev.caretaker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.Code;
import dev.caretaker.cli.RequestsOfCommands.Sent;
import dev.caretaker.cli.completion.CompleteWords;
import dev.caretaker.cli.completion.CompletionCommand;
import dev.caretaker.cli.demo.DemoCommand;
import dev.caretaker.cli.error.CommandNames;
import dev.caretaker.cli.error.ServerError;
import dev.caretaker.cli.launcher.LauncherCommand;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.ArchiveServiceGrpc;
import dev.caretaker.v1.AuditServiceGrpc;
import dev.caretaker.v1.BackupServiceGrpc;
import dev.caretaker.v1.ConversionServiceGrpc;
import dev.caretaker.v1.GetGrowthRequest;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Model.CommandSpec;

/** Whatever field of a request the server complains about, people read a name that they can type in that very command. */
class FieldsOfCommandsTest {
    /** What the client sets by itself, or never. */
    private static final Set<String> OWN =
            Set.of("request_id", "actor", "page_size", "page_token", "course_points", "top_level", "with_sums");

    /** Messages that come from files, whose keys are told. */
    private static final Set<String> FILES = Set.of("policies", "sets", "schedules", "calendars", "set");

    /** Told as one, whatever of it is wrong. */
    private static final Set<String> WHOLE = Set.of("TableName", "Filter");

    /** Commands that only hold others, or do nothing with what was typed but start something. */
    private static final Set<Class<?>> NO_REQUEST = Set.of(
            CommandGroup.class, LauncherCommand.class, DemoCommand.class, CompletionCommand.class, CompleteWords.class);

    /** Asked for by nothing but completion, without a field. */
    private static final Set<String> NO_COMMAND = Set.of("ListRoutinesRequest");

    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern BUILT = Pattern.compile("\\b(\\w+Request)\\.(?:newBuilder|getDefaultInstance)\\(");

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
    void every_field_that_a_command_sets_is_told_by_a_name_that_the_command_has() {
        Map<String, Descriptor> requests =
                requests().collect(Collectors.toMap(Descriptor::getName, request -> request));
        Map<String, CommandSpec> commands = commands();
        Set<String> unknown = new TreeSet<>();
        RequestsOfCommands.all().forEach((path, all) -> {
            CommandNames names = CommandNames.of(commands.get(path));
            for (Sent sent : all) {
                fields(requests.get(sent.request()), sent).forEach(field -> {
                    String told = told(field, names);
                    if (!names.names().contains(told)) {
                        unknown.add(path + ": " + sent.request() + "." + field + " is told as " + told);
                    }
                });
            }
        });
        assertThat(unknown).isEmpty();
    }

    @Test
    void of_every_command_it_is_known_what_it_sends() {
        assertThat(RequestsOfCommands.all().keySet()).isEqualTo(commands().keySet());
    }

    @Test
    void every_request_is_sent_by_a_command_that_sets_its_fields() {
        Map<String, Set<String>> sent = new TreeMap<>();
        RequestsOfCommands.all().values().stream()
                .flatMap(List::stream)
                .filter(one -> one.allBut() || !one.fields().equals(Set.of("")))
                .forEach(one -> sent.computeIfAbsent(one.request(), name -> new TreeSet<>())
                        .addAll(one.fields()));
        Map<String, Descriptor> requests =
                requests().collect(Collectors.toMap(Descriptor::getName, request -> request));
        Set<String> expected = new TreeSet<>(requests.keySet());
        expected.removeAll(NO_COMMAND);
        assertThat(sent.keySet()).isEqualTo(expected);
        sent.forEach((request, fields) -> assertThat(requests.get(request).getFields())
                .as(request)
                .extracting(FieldDescriptor::getName)
                .containsAll(fields));
    }

    /** Reads the commands' sources: whoever lets one send more need not think of this test. */
    @Test
    void what_a_command_builds_is_among_what_it_sends() throws IOException {
        Map<String, List<Sent>> all = RequestsOfCommands.all();
        for (Map.Entry<String, CommandSpec> command : commands().entrySet()) {
            Class<?> type = command.getValue().userObject().getClass();
            Path source = SOURCES.resolve(type.getName().replace('.', '/') + ".java");
            Set<String> built = BUILT.matcher(Files.readString(source))
                    .results()
                    .map(match -> match.group(1))
                    .collect(Collectors.toSet());
            assertThat(all.get(command.getKey()))
                    .as(command.getKey())
                    .extracting(Sent::request)
                    .containsAll(built);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "growth, table.name, --table",
        "growth, window, --days",
        "targets table, table.name, TABLE",
        "targets table, target, TARGET",
        "archives restore, partition.name.name, --as-partition",
        "archives restore, partition.parent.name, --parent",
        "archives restore, filter.comparison.value, --where",
        "archives list, run_id, --run",
        "backups restore, target, --into",
        "backups run, selection.without_rows[0].name, --without-rows",
        "partitions create, set, SET",
        "partitions create, key, --holding",
        "notifications test, channel, CHANNEL",
        "notifications redeliver, channel, --channel",
        "reindex, tables[0].name, --table",
        "reindex, indexes[0].name, INDEX",
        "vacuum, window.start, --window",
        "routine, minimum_severity, --fail-on",
        "health, window.start, window.start"
    })
    void a_field_has_the_name_that_the_command_has_for_it(String path, String field, String told) {
        assertThat(told(field, CommandNames.of(commands().get(path)))).isEqualTo(told);
    }

    @Test
    void what_is_refused_is_told_by_the_names_of_the_command_that_was_typed() {
        try (FakeServer server = new FakeServer()) {
            server.on("GetGrowth", GetGrowthRequest.class, request -> {
                throw FakeServer.error(
                        Code.INVALID_ARGUMENT,
                        "INVALID_FIELD",
                        "",
                        "window",
                        "is too long.",
                        "table.name",
                        "is empty.");
            });
            assertThat(Cli.to(server).run("growth", "--target=shop").err())
                    .isEqualTo("caretaker: --days: is too long; --table: is empty [INVALID_FIELD]\n");
        }
    }

    private static Map<String, CommandSpec> commands() {
        Map<String, CommandSpec> all = AllCommands.byPath();
        all.values()
                .removeIf(command -> NO_REQUEST.contains(command.userObject().getClass()));
        return all;
    }

    private static String told(String field, CommandNames names) {
        FieldViolation violation = FieldViolation.newBuilder()
                .setField(field)
                .setDescription("is wrong")
                .build();
        ServerError error =
                new ServerError(Status.Code.INVALID_ARGUMENT, "", "INVALID_FIELD", Map.of(), List.of(violation), null);
        return error.sentence("", names).replaceFirst(": is wrong .*", "");
    }

    private static Stream<Descriptor> requests() {
        return SERVICES.stream()
                .map(ServiceDescriptor::getSchemaDescriptor)
                .map(ProtoServiceDescriptorSupplier.class::cast)
                .flatMap(supplier -> supplier.getServiceDescriptor().getMethods().stream())
                .map(MethodDescriptor::getInputType)
                .distinct();
    }

    /** Paths of all that can be wrong with what a command sets in it. */
    private static Stream<String> fields(Descriptor request, Sent sent) {
        return request.getFields().stream()
                .filter(field -> sent.sets(field.getName()))
                .flatMap(field -> paths(field, ""));
    }

    private static Stream<String> paths(FieldDescriptor field, String before) {
        boolean message = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
        if (OWN.contains(field.getName()) || message && FILES.contains(field.getName())) {
            return Stream.empty();
        }
        String path = before + field.getName();
        return isWhole(field)
                ? Stream.of(path)
                : field.getMessageType().getFields().stream().flatMap(part -> paths(part, path + "."));
    }

    private static boolean isWhole(FieldDescriptor field) {
        return field.getJavaType() != FieldDescriptor.JavaType.MESSAGE
                || field.isMapField()
                || WHOLE.contains(field.getMessageType().getName())
                || field.getMessageType().getFullName().startsWith("google.");
    }
}
