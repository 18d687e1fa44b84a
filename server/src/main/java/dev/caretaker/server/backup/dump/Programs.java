package dev.caretaker.server.backup.dump;

import dev.caretaker.server.backup.tool.Child;
import dev.caretaker.server.backup.tool.Children;
import dev.caretaker.server.backup.tool.Libpq;
import dev.caretaker.server.backup.tool.PostgresTools;
import dev.caretaker.server.backup.tool.ToolCommand;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.run.job.Gate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * pg_dump and pg_restore of one version, and how they are run.
 *
 * @param mark by which their own lines are known
 */
record Programs(PostgresTools.Tools tools, Children children, Mark mark) {
    private static final long MOST_LIST = 256L << 20;
    private static final long MOST_STATEMENTS = 64L << 20;
    static final Duration LIST = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofMillis(200);

    Programs(PostgresTools.Tools tools, Children children) {
        this(tools, children, Mark.random());
    }

    /** Looks at a program while it runs; throws to end it. */
    @FunctionalInterface
    interface Look {
        Look NONE = () -> {};

        void at();
    }

    /** A pg_dump that runs. */
    Child dump(TargetConfig target, String name, List<String> arguments) {
        return start(tools.dump(), target, name, arguments, Map.of());
    }

    /**
     * A pg_restore that runs.
     *
     * @param settings of its sessions, in place of those that the role or the database has
     */
    Child restore(TargetConfig target, String name, List<String> arguments, Map<String, String> settings) {
        Libpq.Login login = Libpq.of(target, name);
        List<String> all = new ArrayList<>(arguments);
        all.add(
                0,
                "--dbname=dbname='"
                        + login.environment()
                                .getOrDefault("PGDATABASE", "")
                                .replace("\\", "\\\\")
                                .replace("'", "\\'") + "'");
        String options = settings.entrySet().stream()
                .map(setting -> "-c " + setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining(" "));
        return start(tools.restore(), target, name, all, options.isEmpty() ? Map.of() : Map.of("PGOPTIONS", options));
    }

    private Child start(
            Path program, TargetConfig target, String name, List<String> arguments, Map<String, String> further) {
        Libpq.Login login = Libpq.of(target, name);
        Map<String, String> environment = new HashMap<>(login.environment());
        environment.putAll(mark.environment());
        environment.putAll(further);
        return children.start(new ToolCommand(
                program,
                arguments,
                environment,
                Optional.of(new ToolCommand.Sessions(target.name(), name, login.password())),
                1 << 20));
    }

    /** What an archive says it holds. */
    DumpContents contents(Path archive) {
        return contents(archive, List.of());
    }

    /** The same of what pg_restore would make with these options. */
    DumpContents contents(Path archive, List<String> options) {
        List<String> arguments = new ArrayList<>(options);
        arguments.add("--list");
        arguments.add(archive.toString());
        try (Child child = children.start(ToolCommand.of(tools.restore(), arguments, MOST_LIST))) {
            return DumpContents.read(child.result(LIST));
        }
    }

    /** The statements by which pg_restore would make what is listed, and before them the settings that it makes. */
    byte[] statements(Path archive, Path list, List<String> options) {
        try (Child child =
                children.start(ToolCommand.of(tools.restore(), toFile(archive, list, options), MOST_STATEMENTS))) {
            return child.resultBytes(LIST);
        }
    }

    /** The same of rows, to be read while it runs. */
    Child rows(Path archive, Path list) {
        return children.start(ToolCommand.streamed(tools.restore(), toFile(archive, list, List.of("--data-only"))));
    }

    private static List<String> toFile(Path archive, Path list, List<String> options) {
        List<String> arguments = new ArrayList<>(options);
        arguments.add("--file=-");
        arguments.add("--use-list=" + list);
        arguments.add(archive.toString());
        return arguments;
    }

    /** What a program said itself. */
    List<Mark.Line> lines(Child.Exit exit) {
        return mark.lines(exit.words());
    }

    /** How it ended, a clause for people. */
    static String ending(Child.Exit exit) {
        return Child.ending(
                new Child.Exit(exit.code(), exit.output(), Complaints.withoutCourse(exit.words()), exit.cut()));
    }

    /**
     * Waits for the end of a program. It stands still while the run is held back, and is ended with it.
     *
     * @throws Gate.EndedException if the run does not go on
     */
    static Child.Exit attend(Child child, Gate gate, Look look) {
        try (Gate.Registration _ = gate.onEnd(child::close)) {
            while (true) {
                Optional<Child.Exit> exit = child.await(LOOK);
                if (exit.isPresent()) {
                    gate.pass(); // one that was ended with the run has not failed
                    return exit.get();
                }
                look.at();
                if (!gate.isOpen()) {
                    child.hold();
                    gate.pass();
                    child.goOn();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Gate.EndedException();
        }
    }

    /** For evidence. */
    Map<String, String> versions() {
        return Map.of("pg_dump", tools.version());
    }

    /** The same of a restore. */
    Map<String, String> restoreVersions() {
        return Map.of("pg_restore", tools.restoreVersion());
    }
}
