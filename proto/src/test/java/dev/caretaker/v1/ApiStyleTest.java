package dev.caretaker.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The rules of Buf's category STANDARD (https://buf.build/docs/lint/rules), COMMENTS, and the conventions of this API, over
 * the descriptors of every file. What Buf would flag but the conventions want is listed by name.
 */
class ApiStyleTest {
    private static final Path SOURCES = Path.of("src/main/protobuf/caretaker/v1");
    private static final Pattern UPPER_CAMEL = Pattern.compile("([A-Z][a-z0-9]*)+");
    private static final Pattern LOWER_SNAKE = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
    private static final Pattern UPPER_SNAKE = Pattern.compile("[A-Z][A-Z0-9]*(_[A-Z0-9]+)*");
    private static final Pattern DECLARATION = Pattern.compile(
            "^\\s*(message|enum|service|rpc|oneof)\\s+\\w+.*|^\\s*(repeated |optional )?[\\w.<>, ]+ \\w+ = \\d+;.*"
                    + "|^\\s*[A-Z][A-Z0-9_]+ = \\d+;.*");

    /** A message of each file that declares a service; all other files are imported by these. */
    private static final List<Descriptor> ENTRANCES = List.of(
            PlanCleanupRequest.getDescriptor(),
            GetRunRequest.getDescriptor(),
            GetPolicyRequest.getDescriptor(),
            GetPartitionSetRequest.getDescriptor(),
            GetConversionRequest.getDescriptor(),
            GetScheduleRequest.getDescriptor(),
            ListHoldsRequest.getDescriptor(),
            GetHealthRequest.getDescriptor(),
            RunReportRequest.getDescriptor(),
            GetGrowthRequest.getDescriptor(),
            GetArchiveRequest.getDescriptor(),
            GetBackupRequest.getDescriptor(),
            ListAuditEntriesRequest.getDescriptor(),
            ListChannelsRequest.getDescriptor(),
            CheckTargetRequest.getDescriptor(),
            GetFindingRequest.getDescriptor());

    private static Collection<FileDescriptor> files() {
        Map<String, FileDescriptor> found = new TreeMap<>();
        ENTRANCES.forEach(entrance -> collect(entrance.getFile(), found));
        return found.values();
    }

    private static void collect(FileDescriptor file, Map<String, FileDescriptor> found) {
        if (file.getName().startsWith("caretaker/") && found.put(file.getName(), file) == null) {
            file.getDependencies().forEach(imported -> collect(imported, found));
        }
    }

    @Test
    void no_file_escapes_these_tests() throws IOException {
        try (Stream<Path> sources = Files.list(SOURCES)) {
            assertThat(files())
                    .extracting(file -> file.getName().replaceFirst(".*/", ""))
                    .containsExactlyInAnyOrderElementsOf(
                            sources.map(path -> path.getFileName().toString()).toList());
        }
    }

    private static List<Descriptor> messages() {
        List<Descriptor> all = new ArrayList<>();
        files().forEach(file -> file.getMessageTypes().forEach(message -> collect(message, all)));
        return all;
    }

    private static void collect(Descriptor message, List<Descriptor> all) {
        if (!message.getOptions().getMapEntry()) {
            all.add(message);
            message.getNestedTypes().forEach(nested -> collect(nested, all));
        }
    }

    private static List<EnumDescriptor> enums() {
        return Stream.concat(
                        files().stream().flatMap(file -> file.getEnumTypes().stream()),
                        messages().stream().flatMap(message -> message.getEnumTypes().stream()))
                .toList();
    }

    private static List<MethodDescriptor> methods() {
        return files().stream()
                .flatMap(file -> file.getServices().stream())
                .flatMap(service -> service.getMethods().stream())
                .toList();
    }

    @Test
    void files_have_one_package_that_matches_their_folder() {
        assertThat(files()).isNotEmpty().allSatisfy(file -> {
            assertThat(file.getPackage()).isEqualTo("caretaker.v1");
            assertThat(file.getName()).startsWith("caretaker/v1/").matches("[a-z0-9_/]+\\.proto");
            assertThat(file.getOptions().getJavaPackage()).isEqualTo("dev.caretaker.v1");
            assertThat(file.getOptions().getJavaMultipleFiles()).isTrue();
        });
    }

    @Test
    void messages_and_fields_are_named_as_Buf_wants() {
        assertThat(messages()).isNotEmpty().allSatisfy(message -> {
            assertThat(message.getName()).matches(UPPER_CAMEL);
            assertThat(message.getFields())
                    .extracting(FieldDescriptor::getName)
                    .allSatisfy(name -> assertThat(name).matches(LOWER_SNAKE));
            assertThat(message.getRealOneofs())
                    .allSatisfy(oneof -> assertThat(oneof.getName()).matches(LOWER_SNAKE));
            assertThat(message.getFields()).noneMatch(FieldDescriptor::isRequired);
        });
    }

    @Test
    void enums_have_prefixed_values_and_an_unspecified_zero() {
        assertThat(enums()).isNotEmpty().allSatisfy(type -> {
            String prefix =
                    type.getName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toUpperCase(Locale.ROOT) + "_";
            assertThat(type.getName()).matches(UPPER_CAMEL);
            assertThat(type.getOptions().getAllowAlias()).isFalse();
            assertThat(type.getValues())
                    .allSatisfy(value ->
                            assertThat(value.getName()).matches(UPPER_SNAKE).startsWith(prefix));
            assertThat(type.findValueByNumber(0).getName()).isEqualTo(prefix + "UNSPECIFIED");
        });
    }

    @Test
    void services_end_in_Service_and_no_RPC_shares_its_request_or_response() {
        List<ServiceDescriptor> services =
                files().stream().flatMap(file -> file.getServices().stream()).toList();
        assertThat(services)
                .isNotEmpty()
                .extracting(ServiceDescriptor::getName)
                .allSatisfy(name -> assertThat(name).matches(UPPER_CAMEL).endsWith("Service"));
        assertThat(methods()).allSatisfy(method -> {
            assertThat(method.getName()).matches(UPPER_CAMEL);
            assertThat(method.getInputType().getName()).isEqualTo(method.getName() + "Request");
            assertThat(method.getOutputType().getName()).isEqualTo(method.getName() + "Response");
            assertThat(method.isClientStreaming()).isFalse();
        });
        assertThat(methods()).extracting(MethodDescriptor::getName).doesNotHaveDuplicates();
    }

    @Test
    void lists_have_pages_and_mutations_have_a_request_id_and_an_actor() {
        assertThat(methods()).allSatisfy(method -> {
            Descriptor request = method.getInputType();
            if (method.getName().startsWith("List")) {
                assertThat(request.findFieldByName("page_size")).isNotNull();
                assertThat(request.findFieldByName("page_token")).isNotNull();
                assertThat(method.getOutputType().findFieldByName("next_page_token"))
                        .isNotNull();
            }
            boolean reads = method.getName()
                    .matches("(Get|List|Watch|Check|Detect|Suggest|Verify(Archive|Partitioning)|Preview).*|RunReport");
            assertThat(request.findFieldByName("request_id") != null)
                    .as("%s has a request_id", method.getFullName())
                    .isEqualTo(!reads);
            // A look that restores, and changes what is known of an archive, is recorded, and done anew whenever it is
            // asked for.
            assertThat(request.findFieldByName("actor") != null)
                    .as("%s has an actor", method.getFullName())
                    .isEqualTo(!reads || method.getName().equals("VerifyArchive"));
        });
    }

    /** HTTP calls those by GET, and clients may repeat them. GetHealth remembers what it finds, and has it told. */
    @Test
    void methods_that_only_read_say_so_and_no_others() {
        assertThat(methods())
                .allSatisfy(method -> assertThat(
                                method.getOptions().getIdempotencyLevel() == IdempotencyLevel.NO_SIDE_EFFECTS)
                        .as("%s has no side effects", method.getFullName())
                        .isEqualTo(!method.isServerStreaming()
                                && !method.getName().equals("GetHealth")
                                && method.getName().matches("(Get|List|Check|Suggest|Preview).*|RunReport")));
    }

    @Test
    void numbers_of_fields_have_no_gaps() {
        assertThat(messages())
                .allSatisfy(message -> assertThat(message.getFields().stream()
                                .mapToInt(FieldDescriptor::getNumber)
                                .max()
                                .orElse(0))
                        .as(message.getName())
                        .isEqualTo(message.getFields().size()));
    }

    @Test
    void everything_that_is_declared_has_a_comment_above_it() throws IOException {
        Map<String, List<String>> missing = new HashMap<>();
        try (Stream<Path> sources = Files.list(SOURCES)) {
            for (Path source : sources.toList()) {
                List<String> lines = Files.readAllLines(source);
                for (int i = 1; i < lines.size(); i++) {
                    Matcher declaration = DECLARATION.matcher(lines.get(i));
                    if (declaration.matches() && !lines.get(i - 1).strip().startsWith("//")) {
                        missing.computeIfAbsent(source.getFileName().toString(), file -> new ArrayList<>())
                                .add(lines.get(i).strip());
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
    }
}
