package dev.caretaker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.cli.testing.Cli;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @Test
    void prints_its_version() {
        Cli.Result result = new Cli().run("--version");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).startsWith("caretaker ");
    }

    @Test
    void help_lists_every_command_and_the_exit_codes() {
        Cli.Result result = new Cli().run("--help");
        assertThat(result.exitCode()).isZero();
        assertThat(result.out())
                .contains("targets", "policies", "plan", "execute", "runs", "server", "demo", "bench", "completion")
                .contains("7 partial")
                .contains("CARETAKER_TOKEN");
    }

    @Test
    void no_command_is_a_usage_error() {
        Cli.Result result = new Cli().run();
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("caretaker: which command?").doesNotContain("\tat ");
    }

    @Test
    void a_mistyped_command_is_a_usage_error_with_a_suggestion() {
        Cli.Result result = new Cli().run("target", "list");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("caretaker: ").contains("targets");
    }

    @Test
    void an_unknown_option_is_named() {
        Cli.Result result = new Cli().run("runs", "list", "--nosuch");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).startsWith("caretaker: Unknown option: '--nosuch'");
    }

    @Test
    void a_group_without_its_command_is_a_usage_error() {
        Cli.Result result = new Cli().run("runs");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("caretaker runs --help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "bench"})
    void commands_of_the_launcher_say_where_to_find_them(String command) {
        Cli.Result result = new Cli().run(command, "--rows", "5");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("./caretaker " + command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"targets list", "policies apply", "plan", "execute", "runs tune", "runs watch"})
    void every_command_has_help_with_the_shared_options(String command) {
        Cli.Result result = new Cli().run((command + " --help").split(" "));
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("Usage: caretaker " + command).contains("--server");
    }

    @Test
    void the_help_of_apply_shows_how_a_file_looks() {
        assertThat(new Cli().run("policies", "apply", "--help").out())
                .contains("timeColumn: {name: EndTime, kind: timestamptz}")
                .contains("\"22:00-05:00 Europe/Berlin\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void completion_is_a_script_that_asks_the_client(String shell) {
        Cli.Result result = new Cli().run("completion", shell);
        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("complete -F _caretaker").contains("complete-words");
        assertThat(result.out().startsWith("autoload -U +X compinit")).isEqualTo(shell.equals("zsh"));
    }
}
