package dev.caretaker.cli.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.cli.file.InputFile;
import dev.caretaker.cli.policies.file.PolicyFile;
import dev.caretaker.cli.testing.Cli;
import dev.caretaker.v1.FollowUp;
import dev.caretaker.v1.Policy;
import org.junit.jupiter.api.Test;

class PolicyFileExampleTest {
    @Test
    void the_example_that_users_see_can_be_applied() {
        Policy policy = PolicyFile.read(new InputFile("example", PolicyFileExample.TEXT))
                .get(0);
        assertThat(policy.getName()).isEqualTo("occurrences-completed");
        assertThat(policy.getFilter().getAnd().getFiltersCount()).isEqualTo(2);
        assertThat(policy.getFollowUp()).isEqualTo(FollowUp.FOLLOW_UP_AUTO);
    }

    @Test
    void it_is_printed_unbroken_on_a_terminal_of_80_columns() {
        assertThat(PolicyFileExample.TEXT.lines()).allMatch(line -> line.length() < 80);
        assertThat(new Cli().run("policies", "apply", "--help").out()).contains(PolicyFileExample.TEXT);
    }
}
