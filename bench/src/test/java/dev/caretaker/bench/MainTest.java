package dev.caretaker.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
    private final StringWriter err = new StringWriter();
    private final CommandLine commandLine = Main.commandLine().setErr(new PrintWriter(err));

    @Test
    void a_missing_benchmark_is_a_usage_error() {
        assertThat(commandLine.execute()).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("Missing benchmark");
    }

    @Test
    void the_list_of_benchmarks_describes_each_by_a_whole_sentence() {
        assertThat(commandLine.getSubcommands().values())
                .extracting(command -> command.getCommandSpec().usageMessage().description()[0])
                .allMatch(description -> description.endsWith("."));
    }

    @Test
    void an_unknown_scenario_is_a_usage_error_that_lists_the_known_ones() {
        assertThat(commandLine.execute("cleanup", "--scenario", "all")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("'all' is not one of").contains("old-snapshot");
    }

    @Test
    void too_few_rows_are_a_usage_error() {
        assertThat(commandLine.execute("cleanup", "--rows", "10")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("--rows");
    }

    @Test
    void no_rounds_of_archives_are_a_usage_error() {
        assertThat(commandLine.execute("archive", "--rounds", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("--rounds");
    }

    @Test
    void a_database_of_no_size_is_a_usage_error() {
        assertThat(commandLine.execute("backup", "--gb", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("--gb");
    }

    @Test
    void no_partitions_are_a_usage_error() {
        assertThat(commandLine.execute("partitions", "--partitions", "0")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("--partitions");
    }

    @Test
    void too_many_indexes_are_a_usage_error() {
        assertThat(commandLine.execute("checks", "--indexes", "11")).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("--indexes");
    }

    @Test
    void without_the_launcher_it_says_how_it_is_run() {
        assertThat(commandLine.execute("cleanup")).isEqualTo(CommandLine.ExitCode.SOFTWARE);
        assertThat(err.toString()).contains("./caretaker bench");
    }
}
