package dev.caretaker.server.backup.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.caretaker.server.backup.tool.PostgresTools.Packages;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresToolsTest {
    @TempDir
    Path folder;

    @Test
    void the_oldest_programs_are_taken_that_are_not_older_than_the_server() throws IOException {
        programs("packages/18/bin", "18.1");
        programs("packages/15/bin", "15.20 (Debian 15.20-0+deb12u1)");
        programs("packages/16/bin", "16.4");
        PostgresTools tools = tools(List.of(), List.of());
        assertThat(tools.forServer(14).dump()).isEqualTo(folder.resolve("packages/15/bin/pg_dump"));
        assertThat(tools.forServer(15).version()).isEqualTo("pg_dump (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)");
        assertThat(tools.forServer(17).major()).isEqualTo(18);
    }

    @Test
    void of_the_same_version_the_configured_ones_win_and_then_those_on_the_path() throws IOException {
        programs("packages/16/bin", "16.4");
        programs("path", "16.1");
        programs("own", "16.2");
        PostgresTools tools = tools(List.of(folder.resolve("own")), List.of(folder.resolve("path")));
        assertThat(tools.forServer(16).dump()).isEqualTo(folder.resolve("own/pg_dump"));
        assertThat(tools(List.of(), List.of(folder.resolve("path")))
                        .forServer(16)
                        .dump())
                .isEqualTo(folder.resolve("path/pg_dump"));
    }

    @Test
    void without_any_that_fits_the_error_names_what_there_is_and_where_was_looked() throws IOException {
        programs("path", "15.20");
        Path own = folder.resolve("own");
        assertThatExceptionOfType(CaretakerException.class)
                .isThrownBy(() ->
                        tools(List.of(own), List.of(folder.resolve("path"))).forServer(18))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOOL_MISSING))
                .withMessage("pg_dump and pg_restore of version 18 or newer are needed, and there are only "
                        + folder + "/path/pg_dump (15). Install the PostgreSQL client programs, or name their folder in"
                        + " caretaker.backups.postgres-bin. Looked in " + own + ", " + folder + "/path, " + folder
                        + "/packages/*/bin.");
    }

    @Test
    void half_an_installation_and_programs_that_are_something_else_do_not_count() throws IOException {
        Script.in(folder.resolve("packages/17/bin"), "pg_dump", "echo 'pg_dump (PostgreSQL) 17.2'");
        programs("packages/18/bin", "18.1");
        Script.in(folder.resolve("packages/18/bin"), "pg_restore", "echo 'pg_restore (PostgreSQL) 17.0'");
        Script.in(folder.resolve("packages/x/bin"), "pg_dump", "echo hello");
        Script.in(folder.resolve("packages/x/bin"), "pg_restore", "echo hello");
        Script.in(folder.resolve("packages/y/bin"), "pg_dump", "echo broken >&2; exit 1");
        Script.in(folder.resolve("packages/y/bin"), "pg_restore", "exit 1");
        assertThat(tools(List.of(), List.of()).all()).isEmpty();
    }

    /** As if the root of all folders were another one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "usr/lib/postgresql/15/bin",
                "usr/pgsql-16/bin",
                "opt/homebrew/opt/postgresql@17/bin",
                "opt/homebrew/opt/libpq/bin",
                "usr/local/opt/postgresql@18/bin",
                "home/linuxbrew/.linuxbrew/opt/libpq/bin"
            })
    void programs_are_found_where_packages_of_debian_of_rpm_and_of_homebrew_put_them(String where) throws IOException {
        programs(where, "18.1");
        List<Packages> packages = PostgresTools.PACKAGES.stream()
                .map(there -> new Packages(folder + there.folder(), there.pattern(), there.below()))
                .toList();
        PostgresTools tools = new PostgresTools(
                List.of(), List.of(), packages, new Children(folder.resolve("data"), sessions -> true));
        assertThat(tools.all())
                .extracting(PostgresTools.Tools::dump)
                .containsExactly(folder.resolve(where + "/pg_dump"));
    }

    private PostgresTools tools(List<Path> configured, List<Path> path) {
        return new PostgresTools(
                configured,
                path,
                List.of(new Packages(folder.resolve("packages").toString(), "*", "bin")),
                new Children(folder.resolve("data"), sessions -> true));
    }

    private void programs(String where, String version) throws IOException {
        for (String name : List.of("pg_dump", "pg_restore")) {
            Script.in(folder.resolve(where), name, "echo '" + name + " (PostgreSQL) " + version + "'");
        }
    }
}
