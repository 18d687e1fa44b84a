package dev.caretaker.server.partition.upkeep.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.partition.upkeep.grid.IntegerGrid;
import dev.caretaker.server.partition.upkeep.grid.KeyEncoding;
import dev.caretaker.server.partition.upkeep.grid.NameTemplate;
import dev.caretaker.server.partition.upkeep.set.Ahead;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.table.TableState;
import dev.caretaker.server.store.TableName;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UnreadableSetTest {
    private static final TableName ORDERS = new TableName("public", "orders");

    @Test
    void a_set_whose_rows_cannot_be_looked_at_is_told_with_why_and_the_others_are_planned() {
        SetFacts readable = facts("fine").looked(Optional.of(BigInteger.ZERO), Optional.empty());
        UpkeepPlanner.Content plan = UpkeepPlanner.plan(List.of(facts("spoilt").unread("a page is damaged"), readable));
        assertThat(plan.warnings())
                .filteredOn(warning -> warning.code() == UpkeepWarning.Code.SET_UNREADABLE)
                .singleElement()
                .satisfies(warning -> assertThat(warning.message())
                        .contains("public.orders could not be looked at")
                        .endsWith("a page is damaged"));
        assertThat(plan.actions())
                .isNotEmpty()
                .allSatisfy(action -> assertThat(action.set()).isEqualTo("fine"));
    }

    private static SetFacts facts(String name) {
        PartitionSet set = new PartitionSet(
                name,
                "main",
                ORDERS,
                new IntegerGrid(BigInteger.valueOf(1_000), BigInteger.ZERO),
                Optional.of(KeyEncoding.INTEGER),
                new Ahead(2, Duration.ZERO),
                0,
                Optional.of(new NameTemplate("{table}_p{from}")),
                PartitionSet.DefaultRule.LEAVE,
                Optional.empty(),
                false,
                false,
                "");
        TableState table = new TableState(
                1,
                ORDERS,
                Optional.of("RANGE"),
                Optional.of("id"),
                Optional.of("bigint"),
                "owner",
                true,
                Optional.empty(),
                false,
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                List.of());
        return new SetFacts(
                set,
                Optional.of(table),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Set.of(),
                List.of(),
                1,
                Instant.EPOCH);
    }
}
