package dev.caretaker.server.backup.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.caretaker.server.backup.tool.ToolCommand.Sessions;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildrenTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final List<String> ended = new ArrayList<>();
    private boolean reached = true;
    private final SessionEnder ender = sessions -> {
        ended.add(sessions.applicationName());
        return reached;
    };

    private static Optional<Sessions> sessions(String password) {
        return Optional.of(new Sessions("app", "caretaker/dump", password));
    }

    @Test
    void a_program_gets_its_arguments_as_they_are_and_nothing_of_the_environment_that_it_does_not_need()
            throws IOException {
        Path program = Script.in(folder, "tell", "printf '%s|' \"$@\"; env");
        Children children = new Children(folder, ender);
        String said;
        try (Child child = children.start(new ToolCommand(
                program, List.of("$(id)", "two words", "`x`; y"), Map.of("PGHOST", "db"), Optional.empty(), 10_000))) {
            said = child.result(LONG);
        }
        assertThat(said).startsWith("$(id)|two words|`x`; y|").contains("PGHOST=db", "LC_ALL=C.UTF-8");
        List<String> names = said.lines()
                .filter(line -> line.matches("[A-Za-z_]+=.*"))
                .map(line -> line.substring(line.lastIndexOf('|') + 1).replaceAll("=.*", ""))
                .toList();
        assertThat(names)
                .isSubsetOf(
                        "PATH", "HOME", "TMPDIR", "USER", "LOGNAME", "PGHOST", "LC_ALL", "PWD", "SHLVL", "OLDPWD", "_");
    }

    @Test
    void a_password_lies_in_a_file_of_its_own_that_nobody_else_may_read_and_that_goes_with_the_child()
            throws IOException {
        Path program =
                Script.in(folder, "tell", "echo \"$PGPASSFILE\"; stat -c %a \"$PGPASSFILE\"; cat \"$PGPASSFILE\"");
        Children children = new Children(folder, ender);
        Path file;
        try (Child child =
                children.start(new ToolCommand(program, List.of(), Map.of(), sessions("a:b\\c ' secret"), 10_000))) {
            List<String> said = child.result(LONG).lines().toList();
            file = Path.of(said.get(0));
            assertThat(said.subList(1, 3)).containsExactly("600", "*:*:*:*:a\\:b\\\\c ' secret");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())))
                    .isEqualTo("rwx------");
        }
        assertThat(file).doesNotExist();
        assertThat(file.getParent()).doesNotExist();
        assertThat(file.getParent().getParent()).isEmptyDirectory();
    }

    @Test
    void a_program_that_cannot_be_started_leaves_no_password() {
        Children children = new Children(folder, ender);
        assertThatExceptionOfType(CaretakerException.class)
                .isThrownBy(() -> children.start(
                        new ToolCommand(folder.resolve("none"), List.of(), Map.of(), sessions("secret"), 10)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOOL_FAILED))
                .withMessageContaining("none could not be started");
        assertThat(folder.resolve("children")).isEmptyDirectory();
    }

    @Test
    void one_that_fails_is_told_with_its_code_and_its_last_words() throws IOException {
        Path program = Script.in(folder, "fail", "echo out; echo 'no such stanza' >&2; exit 3");
        try (Child child = new Children(folder, ender).start(ToolCommand.of(program, List.of(), 100))) {
            assertThatExceptionOfType(CaretakerException.class)
                    .isThrownBy(() -> child.result(LONG))
                    .withMessage("fail ended with code 3: no such stanza");
        }
    }

    @Test
    void the_sessions_of_one_that_somebody_else_has_killed_are_ended_and_not_those_of_one_that_fails()
            throws Exception {
        Children children = new Children(folder, ender);
        Path fail = Script.in(folder, "fail", "exit 1");
        try (Child child = children.start(new ToolCommand(fail, List.of(), Map.of(), sessions(""), 100))) {
            assertThat(child.await(LONG).orElseThrow().code()).isOne();
        }
        assertThat(ended).isEmpty();

        Path hang = Script.in(folder, "hang", "exec sleep 600");
        try (Child child = children.start(new ToolCommand(hang, List.of(), Map.of(), sessions(""), 100))) {
            ProcessHandle.of(child.pid()).orElseThrow().destroyForcibly();
            assertThat(child.await(LONG).orElseThrow().code()).isEqualTo(137);
        }
        assertThat(ended).containsExactly("caretaker/dump");
    }

    @Test
    void one_that_does_not_stop_talking_is_ended() throws IOException {
        Path program = Script.in(folder, "talk", "while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done");
        try (Child child = new Children(folder, ender).start(ToolCommand.of(program, List.of(), 10_000))) {
            assertThatExceptionOfType(CaretakerException.class)
                    .isThrownBy(() -> child.result(LONG))
                    .withMessage("talk wrote more than 10000 bytes, and was ended");
        }
    }

    @Test
    void one_whose_output_is_held_open_by_what_it_left_is_heard_but_not_waited_for() throws IOException {
        Path noted = folder.resolve("left");
        Path program = Script.in(folder, "leave", "sleep 600 & echo $! > '" + noted + "'; echo said");
        try (Child child = new Children(folder, ender).start(ToolCommand.of(program, List.of(), 100))) {
            assertThat(child.result(LONG)).isEqualTo("said\n");
        } finally {
            ProcessHandle.of(Long.parseLong(Files.readString(noted).strip())).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void one_that_takes_too_long_is_ended_with_all_that_it_started() throws Exception {
        Path program = Script.in(folder, "hang", "sleep 600 & echo $!; wait");
        Children children = new Children(folder, ender);
        ProcessHandle process;
        List<ProcessHandle> brood;
        try (Child child = children.start(ToolCommand.of(program, List.of(), 100))) {
            process = ProcessHandle.of(child.pid()).orElseThrow();
            brood = awaitBrood(process);
            assertThatExceptionOfType(CaretakerException.class)
                    .isThrownBy(() -> child.result(Duration.ofMillis(50)))
                    .withMessageStartingWith("hang did not end within");
        }
        awaitEnd(process);
        awaitEnd(brood.getFirst());
    }

    @Test
    void one_that_is_held_stands_still_goes_on_and_can_be_ended_while_it_is_held() throws Exception {
        Path written = Files.writeString(folder.resolve("written"), "");
        Path program = Script.in(folder, "write", "while :; do echo x >> '" + written + "'; sleep 0.05; done");
        try (Child child = new Children(folder, ender).start(ToolCommand.of(program, List.of(), 100))) {
            ProcessHandle process = ProcessHandle.of(child.pid()).orElseThrow();
            await().atMost(LONG).until(() -> Files.size(written) > 0);
            child.hold();
            AtomicLong seen = new AtomicLong(-1);
            await().atMost(LONG).pollInterval(Duration.ofMillis(300)).until(() -> {
                long size = Files.size(written);
                return seen.getAndSet(size) == size;
            });
            child.goOn();
            await().atMost(LONG).until(() -> Files.size(written) > seen.get());
            child.hold();
            child.close();
            awaitEnd(process);
        }
    }

    @Test
    void programs_end_with_the_server() throws Exception {
        Path program = Script.in(folder, "hang", "exec sleep 600");
        Children children = new Children(folder, ender);
        ProcessHandle process = ProcessHandle.of(
                        children.start(ToolCommand.of(program, List.of(), 100)).pid())
                .orElseThrow();
        children.close();
        awaitEnd(process);
        assertThat(folder.resolve("children")).isEmptyDirectory();
    }

    @Test
    void what_a_server_that_died_has_left_is_ended_by_the_next_one() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        Instant deadStart = dead.info().startInstant().orElse(Instant.now());
        dead.waitFor();
        Process orphan = new ProcessBuilder("sleep", "600").start();
        Path left = Files.createDirectories(folder.resolve("children/left"));
        Files.writeString(left.resolve("passwords"), "*:*:*:*:secret\n");
        Files.writeString(
                left.resolve("child.json"),
                Json.write(new ChildFolder.Note(
                        Children.host(),
                        dead.pid(),
                        deadStart,
                        orphan.pid(),
                        orphan.info().startInstant().orElseThrow(),
                        "pg_dump",
                        "app",
                        "caretaker/dump")));
        reached = false;
        Children children = new Children(folder, ender);
        assertThat(children.sweep()).isEqualTo(1);
        assertThat(orphan.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(left.resolve("passwords")).doesNotExist();
        assertThat(left).exists();
        reached = true;
        assertThat(children.sweep()).isZero();
        assertThat(ended).containsExactly("caretaker/dump", "caretaker/dump");
        assertThat(left).doesNotExist();
    }

    @Test
    void neither_the_child_of_a_server_that_lives_nor_a_stranger_with_the_same_id_is_touched() throws Exception {
        Process process = new ProcessBuilder("sleep", "600").start();
        try {
            ProcessHandle self = ProcessHandle.current();
            Instant start = process.info().startInstant().orElseThrow();
            note(
                    "lives",
                    new ChildFolder.Note(
                            Children.host(),
                            self.pid(),
                            self.info().startInstant().orElseThrow(),
                            process.pid(),
                            start,
                            "pg_dump",
                            "",
                            ""));
            note(
                    "stranger",
                    new ChildFolder.Note(
                            Children.host(),
                            self.pid(),
                            Instant.EPOCH.plusSeconds(1),
                            process.pid(),
                            start.minusSeconds(9),
                            "pg_dump",
                            "",
                            ""));
            note(
                    "elsewhere",
                    new ChildFolder.Note("another-host", 1, Instant.EPOCH, process.pid(), start, "pg_dump", "", ""));
            assertThat(new Children(folder, ender).sweep()).isZero();
            assertThat(process.isAlive()).isTrue();
            try (Stream<Path> left = Files.list(folder.resolve("children"))) {
                assertThat(left)
                        .containsExactlyInAnyOrder(
                                folder.resolve("children/lives"), folder.resolve("children/elsewhere"));
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private void note(String name, ChildFolder.Note note) throws IOException {
        Files.writeString(
                Files.createDirectories(folder.resolve("children").resolve(name))
                        .resolve("child.json"),
                Json.write(note));
    }

    private static List<ProcessHandle> awaitBrood(ProcessHandle process) {
        long end = System.nanoTime() + LONG.toNanos();
        List<ProcessHandle> brood = process.children().toList();
        while (brood.isEmpty() && System.nanoTime() < end) {
            Thread.onSpinWait();
            brood = process.children().toList();
        }
        assertThat(brood).isNotEmpty();
        return brood;
    }

    private static void awaitEnd(ProcessHandle process) throws Exception {
        process.onExit().get(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(process.isAlive()).isFalse();
    }
}
