package dev.caretaker.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.v1.Growth;
import dev.caretaker.v1.TableName;
import dev.caretaker.v1.TableStanding;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the page of a table says where something of it cannot be seen. */
class TableViewTest {
    private static final String PARTITIONED = "public.t is partitioned: its partitions have the rows.";
    private static final String PLAIN = "public.t is not partitioned.";

    @Test
    void why_partitions_cannot_be_listed_is_told() {
        TableView view = view(Optional.empty(), PARTITIONED, "The role may not read the catalog.");

        assertThat(view.stateProblem()).isEqualTo(PARTITIONED);
        assertThat(view.partitionsProblem()).isEqualTo("The role may not read the catalog.");
    }

    @Test
    void one_reason_for_both_is_told_once() {
        TableView view = view(Optional.empty(), "It does not answer.", "It does not answer.");

        assertThat(view.stateProblem()).isEqualTo("It does not answer.");
        assertThat(view.partitionsProblem()).isEmpty();
    }

    @Test
    void that_a_plain_table_has_no_partitions_and_a_partitioned_one_no_rows_is_no_problem() {
        TableView plain = view(Optional.of(TableStanding.getDefaultInstance()), "", PLAIN);
        TableView partitioned = view(Optional.empty(), PARTITIONED, "");

        assertThat(List.of(plain.stateProblem(), plain.partitionsProblem())).containsOnly("");
        assertThat(List.of(partitioned.stateProblem(), partitioned.partitionsProblem()))
                .containsOnly("");
    }

    private static TableView view(Optional<TableStanding> now, String stateProblem, String partitionsProblem) {
        return new TableView(
                "main",
                TableName.getDefaultInstance(),
                new TableView.StateSeen(now, stateProblem),
                Growth.getDefaultInstance(),
                List.of(),
                new PartitionsSeen(List.of(), false, partitionsProblem));
    }
}
