package dev.caretaker.bench;

import dev.caretaker.v1.ListTargetsRequest;
import dev.caretaker.v1.MaintenanceServiceGrpc;
import dev.caretaker.v1.MaintenanceServiceGrpc.MaintenanceServiceBlockingStub;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunFinished;
import dev.caretaker.v1.RunOutcome;
import dev.caretaker.v1.TargetServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Caretaker's real server, in a process of its own, with a control store of its own: the embedded one, on the same machine
 * but apart from the measured Postgres.
 */
final class CaretakerServer implements Closeable {
    static final String TARGET = "bench";
    private static final Duration START = Duration.ofSeconds(90);
    private static final int LARGEST_ANSWER_BYTES = 64 << 20;

    private final Process process;
    private final ManagedChannel channel;
    private final int port;
    private final Path log;

    private CaretakerServer(Process process, ManagedChannel channel, int port, Path log) {
        this.process = process;
        this.channel = channel;
        this.port = port;
        this.log = log;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param launcher the script at the root of the checkout
     * @param folder for its files
     * @param targetUrl JDBC URL of the database to clean
     */
    static CaretakerServer start(Path launcher, Path folder, String targetUrl) {
        return start(launcher, folder, Map.of(TARGET, targetUrl), "");
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param launcher the script at the root of the checkout
     * @param folder for its files
     * @param targets JDBC URLs by name
     * @param store JDBC URL of a control store to share; empty for one of its own
     */
    static CaretakerServer start(Path launcher, Path folder, Map<String, String> targets, String store) {
        return start(launcher, folder, targets, store, "");
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param more keys of its configuration below {@code caretaker}, as YAML lines indented by two
     */
    static CaretakerServer start(Path launcher, Path folder, Map<String, String> targets, String store, String more) {
        return start(launcher, folder, targets, BenchDatabase.CARETAKER_ROLE, store, more);
    }

    /** @param user login at the targets */
    static CaretakerServer start(
            Path launcher, Path folder, Map<String, String> targets, String user, String store, String more) {
        int port = freePort();
        Path log = folder.resolve("server.log");
        try {
            Path config = folder.resolve("caretaker.yml");
            Files.writeString(config, configuration(port, folder.resolve("data"), targets, user, store) + more);
            ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "server", "--config", config.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().put("CARETAKER_NO_BUILD", "1");
            Process process = builder.start();
            ManagedChannel channel = OkHttpChannelBuilder.forAddress("127.0.0.1", port)
                    .usePlaintext()
                    .build();
            CaretakerServer server = new CaretakerServer(process, channel, port, log);
            try {
                server.awaitReady();
            } catch (RuntimeException e) {
                server.close();
                throw e;
            }
            return server;
        } catch (IOException e) {
            throw new BenchException("Caretaker's server does not start", e);
        }
    }

    /** The script at the root of the checkout, by which the server is started. */
    static Path launcher() {
        String home = System.getProperty("caretaker.home");
        Path launcher = home == null ? null : Path.of(home, "caretaker");
        if (launcher == null || !Files.isExecutable(launcher)) {
            throw new BenchException("run it as ./caretaker bench: it starts Caretaker's server through that script");
        }
        return launcher;
    }

    /** Takes answers as large as those of ten thousand tables are. */
    MaintenanceServiceBlockingStub maintenance() {
        return MaintenanceServiceGrpc.newBlockingStub(channel).withMaxInboundMessageSize(LARGEST_ANSWER_BYTES);
    }

    /** Follows a run to its last event, which must be a good one. */
    <A> RunFinished awaitComplete(Iterator<A> answers, Function<A, RunEvent> event) {
        RunFinished finished = awaitEnd(answers, event);
        if (finished.getOutcome() != RunOutcome.RUN_OUTCOME_COMPLETE) {
            throw new BenchException("the run did not end well: " + finished + "\n" + lastLines());
        }
        return finished;
    }

    /** Follows a run to its last event, whatever that says. */
    <A> RunFinished awaitEnd(Iterator<A> answers, Function<A, RunEvent> event) {
        RunFinished finished = RunFinished.getDefaultInstance();
        while (answers.hasNext()) {
            RunEvent latest = event.apply(answers.next());
            finished = latest.hasFinished() ? latest.getFinished() : finished;
        }
        return finished;
    }

    /** Host and port, for the client. */
    String address() {
        return "127.0.0.1:" + port;
    }

    ManagedChannel channel() {
        return channel;
    }

    /** Most memory that the process ever had resident, in bytes; empty where the system does not tell. */
    OptionalLong peakResidentBytes() {
        return status("VmHWM:");
    }

    /** Processor time that the server has used, without its embedded control store; empty where the system does not tell. */
    Optional<Duration> cpu() {
        return process.toHandle().info().totalCpuDuration();
    }

    /** Memory that the process has resident now, in bytes. */
    OptionalLong residentBytes() {
        return status("VmRSS:");
    }

    @Override
    public void close() {
        channel.shutdownNow();
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static String configuration(int port, Path data, Map<String, String> targets, String user, String store) {
        StringBuilder yaml = new StringBuilder("""
            caretaker:
              listen:
                port: %d
              data-dir: %s
            """.formatted(port, data));
        if (!store.isEmpty()) {
            yaml.append("  control-store: {url: '").append(store).append("', user: postgres, password: postgres}\n");
        }
        yaml.append("  targets:\n");
        targets.forEach((name, url) -> yaml.append("    %s: {url: '%s', user: %s}\n".formatted(name, url, user)));
        return yaml.toString();
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + START.toNanos();
        var targets = TargetServiceGrpc.newBlockingStub(channel);
        while (true) {
            try {
                targets.withWaitForReady()
                        .withDeadlineAfter(1, TimeUnit.SECONDS)
                        .listTargets(ListTargetsRequest.getDefaultInstance());
                return;
            } catch (StatusRuntimeException e) {
                if (!process.isAlive()) {
                    throw new BenchException(
                            "Caretaker's server ended at once with " + process.exitValue() + ":\n" + lastLines());
                }
                if (System.nanoTime() > deadline) {
                    throw new BenchException(
                            "Caretaker's server does not answer (" + e.getStatus() + "):\n" + lastLines());
                }
            }
        }
    }

    /** The end of the server's log, for errors. */
    String lastLines() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
        } catch (IOException e) {
            return "(its log " + log + " cannot be read: " + e.getMessage() + ")";
        }
    }

    private OptionalLong status(String key) {
        Path file = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.isReadable(file)) {
            return OptionalLong.empty();
        }
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(key))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        } catch (IOException e) {
            throw new BenchException("cannot read " + file, e);
        }
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new BenchException("no free port", e);
        }
    }
}
