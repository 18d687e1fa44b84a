package dev.caretaker.cli.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.caretaker.cli.AllCommands;
import dev.caretaker.v1.ApplyPartitionSetsRequest;
import dev.caretaker.v1.ApplySchedulesRequest;
import dev.caretaker.v1.PlanCleanupRequest;
import dev.caretaker.v1.RestoreArchiveRequest;
import dev.caretaker.v1.RunBackupRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerWordsTest {
    private static final Path SERVER = Path.of("../server/src/main/java");
    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern SQL = Pattern.compile("SELECT|FROM |WHERE|UPDATE |INSERT|CAST\\(");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a backup is restored into an empty one unless allow_not_empty says otherwise. | a backup is restored into an empty one unless --allow-not-empty says otherwise.
            more than max_rows allows (5).                       | more than maxRows allows (5).
            table jobs has no column "from_time"                 | table jobs has no column "from_time"
            public.from_time is locked, and max_rows.x, too      | public.from_time is locked, and max_rows.x, too
            grant it pg_monitor                                  | grant it pg_monitor
            must be after from_time                              | must be after --from
            name a scratch_target                                | name a scratch_target
            """)
    void fields_in_sentences_have_the_names_that_users_know_and_nothing_else_is_touched(String said, String told) {
        assertThat(ServerWords.of(said, new CommandNames(Set.of("--allow-not-empty", "--from", "--pg"))))
                .isEqualTo(told);
    }

    /** Reads the server's sources: whoever writes a sentence there need not think of this client. */
    @Test
    void every_field_that_a_sentence_of_the_server_names_is_known() throws IOException {
        Set<String> fields = Stream.of(
                        PlanCleanupRequest.getDescriptor(),
                        ApplyPartitionSetsRequest.getDescriptor(),
                        ApplySchedulesRequest.getDescriptor(),
                        RestoreArchiveRequest.getDescriptor(),
                        RunBackupRequest.getDescriptor())
                .map(Descriptor::getFile)
                .flatMap(file -> Stream.concat(Stream.of(file), file.getDependencies().stream()))
                .map(FileDescriptor::getMessageTypes)
                .flatMap(List::stream)
                .flatMap(message -> message.getFields().stream())
                .map(FieldDescriptor::getName)
                .collect(Collectors.toSet());
        CommandNames anyCommand = AllCommands.names();
        Set<String> untold = new TreeSet<>();
        for (String sentence : sentences()) {
            Matcher word = ServerWords.FIELD.matcher(sentence);
            while (word.find()) {
                if (fields.contains(word.group())
                        && ServerWords.of(word.group(), anyCommand).equals(word.group())) {
                    untold.add(word.group() + " in: " + sentence);
                }
            }
        }
        assertThat(untold).isEmpty();
    }

    private static Set<String> sentences() throws IOException {
        Set<String> sentences = new TreeSet<>();
        List<Path> sources;
        try (Stream<Path> files = Files.walk(SERVER)) {
            sources = files.filter(file -> file.toString().endsWith(".java")).toList();
        }
        for (Path source : sources) {
            for (String line : Files.readAllLines(source)) {
                Matcher literal = LITERAL.matcher(line.strip().startsWith("*") ? "" : line);
                while (literal.find()) {
                    String text = literal.group(1);
                    if (text.contains(" ") && !SQL.matcher(text).find()) {
                        sentences.add(text);
                    }
                }
            }
        }
        assertThat(sentences).hasSizeGreaterThan(500);
        return sentences;
    }
}
