package dev.caretaker.cli.error;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.cli.AllCommands;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldNamesTest {
    @ParameterizedTest
    @CsvSource({
        "policies[0].time_column.name, policies[0].timeColumn.name",
        "policies[2].retention.calendar.zone, policies[2].keep.calendar.zone",
        "policies[0].filter.and.filters[1].comparison.value, policies[0].where.and.filters[1].comparison.value",
        "policies[0].limits.max_fraction, policies[0].limits.maxFraction",
        "policies[0].cascade_to[1].name, policies[0].allowCascade[1].name",
        "policies[0].table.name, policies[0].table",
        "policies[1], POLICY",
        "sets[0].name_pattern, sets[0].names",
        "sets[0].default_partition, sets[0].default",
        "sets[1].grid.calendar.zone, sets[1].grid",
        "sets[0].table.name, sets[0].table",
        "sets[0].retirement.calendar.zone, sets[0].retirement.keep",
        "sets[0].retirement.end, sets[0].retirement.then",
        "sets[0].ahead.duration, sets[0].ahead.duration",
        "sets[0].pause_creation, sets[0].pauseCreation",
        "sets[0].name, sets[0].name",
        "sets[1], SET",
        "set.grid.calendar.unit, --grid",
        "set.table.name, TABLE",
        "set.target, --target",
        "set.name_pattern, --names",
        "set.name, --set",
        "key_column, --column",
        "accepted_losses[0], --accept",
        "boundary_after, --boundary-after",
        "plan_id, PLAN",
        "time, --at",
        "key, --holding",
        "older_than, --older-than",
        "options.buffer_usage_limit_kb, --buffers",
        "schedules[0].expect_success_within, schedules[0].expectSuccessWithin",
        "schemas[1], --schema",
        "tables[0].name, TABLE",
        "thresholds[table-bloat.min_bytes], --set",
        "require_backup.within, --require-backup-within",
        "after_time, --since",
        "target, --target"
    })
    void fields_have_the_names_that_users_know(String field, String known) {
        assertThat(FieldNames.of(field, AllCommands.names())).isEqualTo(known);
    }

    @Test
    void the_first_name_that_the_command_has_is_told() {
        assertThat(FieldNames.of("target", new CommandNames(Set.of("TARGET", "--into"))))
                .isEqualTo("--into");
        assertThat(FieldNames.of("target", new CommandNames(Set.of("TARGET")))).isEqualTo("TARGET");
    }

    @Test
    void what_the_command_has_no_name_for_is_told_as_the_API_names_it() {
        assertThat(FieldNames.of("selection.tables[1].name", new CommandNames(Set.of("TABLE"))))
                .isEqualTo("selection.tables[1].name");
        assertThat(FieldNames.of("policies[1]", new CommandNames(Set.of("--file"))))
                .isEqualTo("policies[1]");
    }
}
