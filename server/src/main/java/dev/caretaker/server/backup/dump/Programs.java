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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** pg_dump and pg_restore of one version, and how they are run. */
record Programs(PostgresTools.Tools tools, Children children) {
    private static final long MOST_LIST = 256L << 20;
    private static final Duration LIST = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofMillis(200);

    /** Looks at a program while it runs; throws to end it. */
    @FunctionalInterface
    interface Look {
        Look NONE = () -> {};

        void at();
    }

    /** A pg_dump that runs. */
    Child dump(TargetConfig target, String name, List<String> arguments) {
        return start(tools.dump(), target, name, arguments);
    }

    /** A pg_restore that runs. */
    Child restore(TargetConfig target, String name, List<String> arguments) {
        Libpq.Login login = Libpq.of(target, name);
        List<String> all = new ArrayList<>(arguments);
        all.add(
                0,
                "--dbname=dbname='"
                        + login.environment()
                                .getOrDefault("PGDATABASE", "")
                                .replace("\\", "\\\\")
                                .replace("'", "\\'") + "'");
        return start(tools.restore(), target, name, all);
    }

    private Child start(Path program, TargetConfig target, String name, List<String> arguments) {
        Libpq.Login login = Libpq.of(target, name);
        return children.start(new ToolCommand(
                program,
                arguments,
                login.environment(),
                Optional.of(new ToolCommand.Sessions(target.name(), name, login.password())),
                1 << 20));
    }

    /** What an archive says it holds. */
    DumpContents contents(Path archive) {
        try (Child child =
                children.start(ToolCommand.of(tools.restore(), List.of("--list", archive.toString()), MOST_LIST))) {
            return DumpContents.read(child.result(LIST));
        }
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
