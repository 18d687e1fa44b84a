package dev.caretaker.cli.partitions;

import static dev.caretaker.cli.partitions.PartitionAnswers.EVENTS;
import static dev.caretaker.cli.partitions.PartitionAnswers.at;
import static dev.caretaker.cli.partitions.PartitionAnswers.monthly;
import static dev.caretaker.cli.partitions.PartitionAnswers.name;
import static dev.caretaker.cli.partitions.PartitionAnswers.partition;
import static dev.caretaker.cli.partitions.PartitionAnswers.subPartitioned;
import static dev.caretaker.cli.partitions.PartitionAnswers.table;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.caretaker.cli.output.Text;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.cli.testing.FakeServer;
import dev.caretaker.v1.ListPartitionsRequest;
import dev.caretaker.v1.ListPartitionsResponse;
import dev.caretaker.v1.Partition;
import dev.caretaker.v1.PartitionRange;
import dev.caretaker.v1.PartitionState;
import dev.caretaker.v1.RangeBounds;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How partitions look as a table, as a tree and on a timeline. */
class PartitionViewsTest {
    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_table_shows_all_figures_and_says_once_what_many_partitions_lack() {
        ListPartitionsResponse.Builder answer = monthly(3, 4, 5, 6).toBuilder();
        answer.getPartitionsBuilderList()
                .forEach(partition -> partition.addDifferences("lacks a valid index for run_id_idx of the parent"));
        answer.getPartitionsBuilder(0)
                .setRowsExact(true)
                .setDeadTuples(1_234)
                .setLastVacuum(at("2025-05-29T12:00:00Z"))
                .setState(PartitionState.PARTITION_STATE_DETACH_PENDING);
        answer.getPartitionsBuilder(1).getSizeBuilder().setEstimated(true);
        answer(answer.build());
        String out = Cli.to(server).run("partitions", "--target", "shop").out();

        assertThat(out.lines().map(line -> line.replaceAll(" {2,}", "|").strip()))
                .contains(
                        "workflow_events",
                        "|by range of ts, 1 month each, named workflow_events_y{yyyy}m{mm}; 4 partitions, 10 GB",
                        "|Inserts find a partition for another 30d 0h, until 2025-07-01 12:00:00Z.",
                        "|workflow_events_y2025m03|2025-03-01 to 2025-04-01|300|1,234|3 GB|2 GB|1 GB|0 B|3d 0h ago|never"
                                + "|past|detach pending",
                        "|workflow_events_y2025m04|2025-04-01 to 2025-05-01|~400|0|~4 GB|~3 GB|~1 GB|~0 B|never|never|past",
                        "|workflow_events_y2025m06|2025-06-01 to 2025-07-01|~600|0|6 GB|5 GB|1 GB|0 B|never|never|current",
                        "|workflow_events_y2025m03, workflow_events_y2025m04, workflow_events_y2025m05 and 1 more:"
                                + " lacks a valid index for run_id_idx of the parent.");
    }

    @Test
    void gaps_overlaps_and_rows_in_the_default_partition_are_told_in_the_head() {
        ListPartitionsResponse.Builder answer = monthly(4, 6).toBuilder();
        answer.getTablesBuilder(0)
                .setDefaultRows(7)
                .setSafeUntil(at("2025-06-01T12:00:00Z"))
                .setRunway(Duration.getDefaultInstance())
                .addOverlaps(PartitionRange.newBuilder().setFrom("1").setTo("5"));
        answer(answer.build());
        assertThat(Cli.to(server).run("partitions", "--target", "shop").out())
                .contains("  Rows of now find no partition.\n")
                .contains("  1 gap (rows in between find no partition): 2025-05-01 to 2025-06-01.\n")
                .contains("  1 overlap (a detach was begun there and not finished): 1 to 5.\n")
                .contains("  ~7 rows in the default partition");
    }

    @Test
    void integer_keys_and_endless_ranges_have_their_own_sentences() {
        ListPartitionsResponse.Builder answer = ListPartitionsResponse.newBuilder()
                .addTables(table().setSafeUntil(at("2025-06-03T12:00:00Z"))
                        .setRunway(Duration.newBuilder().setSeconds(2 * 86_400)))
                .addPartitions(Partition.newBuilder()
                        .setName(name("n_0"))
                        .setParent(EVENTS)
                        .setRange(RangeBounds.newBuilder().addFrom("-1000").addTo("MAXVALUE")));
        answer(answer.build());
        assertThat(Cli.to(server)
                        .run("partitions", "--target", "shop", "--view", "timeline")
                        .out())
                .contains("At the present rate of inserts keys last another 2d 0h, until 2025-06-03 12:00:00Z.")
                .doesNotContain("now");
        answer.getTablesBuilder(0).setSafeUntil(at("9999-12-31T23:59:59Z"));
        answer(answer.build());
        assertThat(Cli.to(server).run("partitions", "--target", "shop").out())
                .contains("Inserts find a partition for ever.");
    }

    @Test
    void a_tree_has_sub_partitions_as_branches() {
        answer(subPartitioned());
        String out = Cli.to(server)
                .run("partitions", "--target", "shop", "--view", "tree")
                .out();
        assertThat(out)
                .contains("  ├─ jobs_a              in a, NULL ")
                .contains("  │  ├─ jobs_a_y2025m05  2025-05-01 to 2025-06-01")
                .contains("  │  └─ jobs_a_y2025m06  2025-06-01 to 2025-07-01")
                .contains("by range of ts, 1 month each; 2 partitions, 11 GB")
                .contains("  └─ jobs_rest           default ")
                .containsOnlyOnce("by list of tenant");
        assertThat(Cli.to(server)
                        .with("LANG", "en_US.ISO-8859-1")
                        .run("partitions", "--target", "shop", "--view", "tree")
                        .out())
                .contains("  |  `- jobs_a_y2025m06")
                .matches("\\p{ASCII}*");
    }

    @Test
    void a_timeline_shades_by_size_shows_the_gap_marks_now_and_sets_the_default_apart() {
        ListPartitionsResponse.Builder answer = monthly(1, 2, 3, 4, 6, 7).toBuilder();
        answer.getPartitionsBuilder(0).getSizeBuilder().setTotalBytes(0);
        answer.addPartitions(Partition.newBuilder()
                .setName(name("workflow_events_default"))
                .setParent(EVENTS)
                .setIsDefault(true)
                .setRows(7));
        answer(answer.build());
        assertThat(Cli.to(server)
                        .run("partitions", "--target", "shop", "--view", "timeline")
                        .out())
                .contains("""
                          2025-01-01 ░▒▒▓×██ 2025-08-01
                                          ▲ now
                          default: workflow_events_default, ~7 rows, 0 B
                          ░ below 1.8 GB  ▒ below 3.5 GB  ▓ below 5.3 GB  █ to 7 GB  × gap
                        """);
        assertThat(Cli.to(server)
                        .with("LC_ALL", "POSIX")
                        .run("partitions", "--target", "shop", "--view", "timeline")
                        .out())
                .contains("  2025-01-01 .::+x## 2025-08-01\n                  ^ now\n")
                .matches("\\p{ASCII}*");
    }

    @Test
    void a_terminal_has_colours_unless_told_otherwise() {
        answer(monthly(4, 6));
        assertThat(Cli.to(server)
                        .onTerminal(80)
                        .run("partitions", "--target", "shop", "--view", "timeline")
                        .out())
                .contains("\u001b[31m×\u001b[0m\u001b[32m█\u001b[0m");
        assertThat(Cli.to(server)
                        .onTerminal(80)
                        .with("NO_COLOR", "1")
                        .run("partitions", "--target", "shop", "--view", "timeline")
                        .out())
                .contains("▓×█")
                .doesNotContain("\u001b");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 20, 34, 50, 80, 200})
    void a_timeline_of_many_partitions_fits_the_terminal_and_loses_none(int columns) {
        ListPartitionsResponse.Builder answer =
                ListPartitionsResponse.newBuilder().addTables(table());
        LocalDate first = LocalDate.of(2024, 1, 1);
        for (int day = 0; day < 1_000; day++) {
            answer.addPartitions(partition("d" + day, EVENTS, first.plusDays(day), first.plusDays(day + 1), 1));
        }
        answer(answer.build());
        List<String> lines = Cli.to(server)
                .onTerminal(columns)
                .with("NO_COLOR", "1")
                .run("partitions", "--target", "shop", "--view", "timeline")
                .out()
                .lines()
                .toList();
        List<String> drawn = lines.stream()
                .filter(line -> line.matches("\\s*(2\\S+ )?█+( 2\\S+)?"))
                .toList();
        assertThat(drawn).allMatch(line -> Text.width(line) <= columns);
        assertThat(drawn.stream()
                        .mapToLong(line -> line.chars().filter(c -> c == '█').count())
                        .sum())
                .isEqualTo(1_000);
        String marker =
                lines.stream().filter(line -> line.contains("▲")).findFirst().orElseThrow();
        String above = lines.get(lines.indexOf(marker) - 1);
        // 2025-06-01 is day 517 of the first one's: the cell above the mark.
        int cell = lines.subList(0, lines.indexOf(marker) - 1).stream()
                        .filter(drawn::contains)
                        .mapToInt(
                                line -> (int) line.chars().filter(c -> c == '█').count())
                        .sum()
                + (int) above.substring(0, marker.indexOf('▲'))
                        .chars()
                        .filter(c -> c == '█')
                        .count();
        assertThat(cell).isEqualTo(517);
    }

    @Test
    void below_lists_the_ranges_of_sub_partitions_are_drawn() {
        answer(subPartitioned());
        assertThat(Cli.to(server)
                        .run("partitions", "--target", "shop", "--view", "timeline")
                        .out())
                .contains("  jobs_a (in a, NULL) by range of ts, 1 month each; 2 partitions, 11 GB\n")
                .contains("    2025-05-01 ██ 2025-07-01\n                ▲ now\n");
    }

    private void answer(ListPartitionsResponse response) {
        server.on("ListPartitions", ListPartitionsRequest.class, request -> response);
    }
}
