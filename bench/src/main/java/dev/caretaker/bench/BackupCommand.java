package dev.caretaker.bench;

import dev.caretaker.v1.BackupEngine;
import dev.caretaker.v1.BackupServiceGrpc;
import dev.caretaker.v1.BackupServiceGrpc.BackupServiceBlockingStub;
import dev.caretaker.v1.DeleteBackupRequest;
import dev.caretaker.v1.RunBackupRequest;
import dev.caretaker.v1.RunBackupResponse;
import dev.caretaker.v1.VerifyBackupRequest;
import dev.caretaker.v1.VerifyBackupResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a backup costs, and its proof. */
@Command(
        name = "backup",
        description = {
            "Copies a database of five tables by Caretaker, with the hash of every row, beside pg_dump -Fd -j2 by hand"
                    + " where this machine has it; and proves each copy by restoring it and comparing all of it.",
            "Needs about 3 GB of memory and four times --gb of disk (in java.io.tmpdir)."
        },
        mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
    /** Of the table of job occurrences, with its indexes. */
    private static final long ROWS_PER_GB = 700_000;

    private static final String DESTINATION = "disk";
    private static final String SCRATCH = "scratch";
    private static final String HAND = "pg_dump by hand";
    private static final String COPY = "table copy";
    private static final String DUMP = "pg_dump through Caretaker";
    private static final String PROOF = ", restored and compared";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(
            names = "--gb",
            defaultValue = "5",
            description = "Size of the database with its indexes, at least 0.1 (default: ${DEFAULT-VALUE}).")
    private double gigabytes;

    @Option(names = "--rounds", defaultValue = "3", description = "Rounds (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--programs",
            paramLabel = "FOLDER",
            description = "Where Postgres and its pg_dump are. Default: the newest under /usr/lib/postgresql.")
    private Path programs;

    private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

    @Override
    public Integer call() throws SQLException, IOException {
        if (gigabytes < 0.1 || rounds < 1) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--gb must be at least 0.1, --rounds at least 1");
        }
        Path launcher = CaretakerServer.launcher();
        Lines lines = new Lines(spec.commandLine().getOut());
        Optional<Path> installed = programs == null ? InstalledPostgres.find() : Optional.of(programs);
        installed.ifPresentOrElse(
                folder -> lines.say("Postgres and pg_dump of %s.", folder),
                () -> lines.say("There is no pg_dump here: nothing is compared with it."));
        try (Workspace workspace = Workspace.create()) {
            BackupDatabase database = workspace.add(BackupDatabase.start(installed, workspace.folder("postgres")));
            lines.say("Loading ...");
            database.load((long) (gigabytes * ROWS_PER_GB));
            lines.say("Loaded: %.1f GB with indexes.%n", database.bytes() / 1e9);
            CaretakerServer server = workspace.add(start(launcher, workspace, database));
            boolean dumps = installed.isPresent() && knowsPgDump(server);
            if (installed.isPresent() && !dumps) {
                lines.say("This Caretaker does not run pg_dump: that is left out.");
            }
            for (int round = 0; round <= rounds; round++) {
                for (String contender : contenders(installed.isPresent(), dumps, round)) {
                    database.settle();
                    measure(round, contender, database, server, installed, workspace.folder(round + contender), lines);
                }
            }
            lines.say("");
            seconds.forEach((name, all) -> lines.say("median   %-46s %7.2f s", name, Statistics.median(all)));
            lines.say("");
            goals(installed.isPresent(), dumps).forEach(goal -> lines.say("%s", goal));
        }
        return lines.exitCode();
    }

    private static CaretakerServer start(Path launcher, Workspace workspace, BackupDatabase database)
            throws IOException {
        return CaretakerServer.start(
                launcher,
                workspace.folder("caretaker"),
                Map.of(CaretakerServer.TARGET, database.url()),
                "",
                "    " + SCRATCH + ": {url: '" + database.url() + "', user: " + BenchDatabase.CARETAKER_ROLE
                        + ", free-disk-space: 1000GB}\n"
                        + "  archives:\n    destinations:\n      " + DESTINATION + ": {type: directory, path: '"
                        + workspace.folder("disk") + "'}\n");
    }

    /** Everybody in turn first. The round before the first is for all that is done once. */
    private static List<String> contenders(boolean hand, boolean dumps, int round) {
        List<String> all = new ArrayList<>(List.of(COPY));
        if (hand) {
            all.add(HAND);
        }
        if (dumps) {
            all.add(DUMP);
        }
        Collections.rotate(all, 1 - round);
        return all;
    }

    private void measure(
            int round,
            String contender,
            BackupDatabase database,
            CaretakerServer server,
            Optional<Path> installed,
            Path folder,
            Lines lines)
            throws IOException {
        if (contender.equals(HAND)) {
            long start = System.nanoTime();
            PostgresPrograms.run(List.of(
                    installed.orElseThrow().resolve("pg_dump").toString(),
                    "-Fd",
                    "-j2",
                    "-h",
                    "127.0.0.1",
                    "-p",
                    Integer.toString(database.port()),
                    "-U",
                    "postgres",
                    "-f",
                    folder.resolve("dump").toString(),
                    database.name()));
            took(round, contender, start, lines);
            delete(folder);
            return;
        }
        BackupEngine engine =
                contender.equals(DUMP) ? BackupEngine.BACKUP_ENGINE_PG_DUMP : BackupEngine.BACKUP_ENGINE_TABLE_COPY;
        BackupServiceBlockingStub backups = backups(server);
        long start = System.nanoTime();
        Iterator<RunBackupResponse> run = backups.runBackup(order(engine));
        String id = run.next().getEvent().getRunId();
        server.awaitComplete(run, RunBackupResponse::getEvent);
        took(round, contender, start, lines);
        start = System.nanoTime();
        server.awaitComplete(
                backups.verifyBackup(VerifyBackupRequest.newBuilder()
                        .setRequestId(UUID.randomUUID().toString())
                        .setBackupId(id)
                        .setScratchTarget(SCRATCH)
                        .setAllowSameServer(true)
                        .setActor("bench")
                        .build()),
                VerifyBackupResponse::getEvent);
        took(round, contender + PROOF, start, lines);
        backups.deleteBackup(DeleteBackupRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setBackupId(id)
                .setForce(true)
                .setActor("bench")
                .build());
    }

    private static BackupServiceBlockingStub backups(CaretakerServer server) {
        return BackupServiceGrpc.newBlockingStub(server.channel());
    }

    private static RunBackupRequest order(BackupEngine engine) {
        return RunBackupRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setTarget(CaretakerServer.TARGET)
                .setDestination(DESTINATION)
                .setEngine(engine)
                .setActor("bench")
                .build();
    }

    /** An order that asks for what is not there is refused for each field that is wrong, and so for the engine if it is unknown. */
    private static boolean knowsPgDump(CaretakerServer server) {
        try {
            backups(server)
                    .runBackup(order(BackupEngine.BACKUP_ENGINE_PG_DUMP).toBuilder()
                            .setDestination("nowhere")
                            .build())
                    .hasNext();
            return true;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() == Status.Code.NOT_FOUND;
        }
    }

    private void took(int round, String what, long start, Lines lines) {
        double took = (System.nanoTime() - start) / 1e9;
        if (round > 0) {
            seconds.computeIfAbsent(what, name -> new ArrayList<>()).add(took);
        }
        lines.say("%-8s %-46s %7.2f s", round == 0 ? "before" : "round " + round, what, took);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private List<Goal> goals(boolean hand, boolean dumps) {
        List<Goal> goals = new ArrayList<>();
        if (hand) {
            goals.add(ratio("table copy with hashes against pg_dump -Fd -j2", COPY, HAND, 1.4));
        }
        if (hand && dumps) {
            goals.add(ratio("pg_dump through Caretaker with hashes against the same by hand", DUMP, HAND, 1.4));
        }
        // A table copy is made in less than half of a pg_dump's time; the faster it gets, the less its own making can
        // be the measure.
        goals.add(
                hand
                        ? ratio("restoring and comparing a table copy against pg_dump -Fd -j2", COPY + PROOF, HAND, 1.3)
                        : ratio("restoring and comparing a table copy against making it", COPY + PROOF, COPY, 1.3));
        if (dumps) {
            goals.add(ratio("restoring and comparing a pg_dump against making it", DUMP + PROOF, DUMP, 1.3));
        }
        return goals;
    }

    private Goal ratio(String what, String one, String other, double most) {
        List<Double> each = IntStream.range(0, rounds)
                .mapToObj(round ->
                        seconds.get(one).get(round) / seconds.get(other).get(round))
                .toList();
        double medians = Statistics.median(seconds.get(one)) / Statistics.median(seconds.get(other));
        return new Goal(what, medians, most, true, "×").in(each);
    }
}
