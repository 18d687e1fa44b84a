package dev.caretaker.server.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Caretaker's server in a process of its own, from the classes of the tests, so that it can be killed and stopped. */
public final class ServerProcess implements RunningServer {
    private final Process process;
    private final ManagedChannel channel;
    private final Path log;

    private ServerProcess(Process process, ManagedChannel channel, Path log) {
        this.process = process;
        this.channel = channel;
        this.log = log;
    }

    /** Starts one that says as often as usual that it is alive. */
    public static ServerProcess start(
            Path folder, String name, TestPostgres.Database controlStore, TestPostgres.Database target)
            throws IOException {
        return start(folder, name, controlStore, target, "2s");
    }

    /**
     * Starts one and waits until it serves.
     *
     * @param folder for its configuration and log
     * @param target looked after under the name "target"
     * @param heartbeat five of them missed, and it counts as dead
     */
    public static ServerProcess start(
            Path folder,
            String name,
            TestPostgres.Database controlStore,
            TestPostgres.Database target,
            String heartbeat)
            throws IOException {
        return start(folder, name, controlStore, target, heartbeat, "");
    }

    /** @param more lines of its configuration below {@code caretaker} */
    public static ServerProcess start(
            Path folder,
            String name,
            TestPostgres.Database controlStore,
            TestPostgres.Database target,
            String heartbeat,
            String more)
            throws IOException {
        return start(folder, name, controlStore, login(target.url(), target), heartbeat, more);
    }

    /** @param login url, user and password of the target, as a map of YAML has them */
    public static ServerProcess start(
            Path folder, String name, TestPostgres.Database controlStore, String login, String heartbeat, String more)
            throws IOException {
        return start(folder, name, controlStore, Map.of("target", login), heartbeat, more);
    }

    /** @param targets what a target needs by its name, as a map of YAML has it; see {@link #login(String, TestPostgres.Database)} */
    public static ServerProcess start(
            Path folder,
            String name,
            TestPostgres.Database controlStore,
            Map<String, String> targets,
            String heartbeat,
            String more)
            throws IOException {
        int port = freePort();
        Path config = ServerFile.write(folder, name, port, controlStore, targets, heartbeat, more);
        Path log = folder.resolve(name + ".log");
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx192m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.io.tmpdir=" + folder, // what a process that is killed has unpacked goes with the folder
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        "dev.caretaker.server.Main",
                        "server",
                        "--config",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        ManagedChannel channel = Grpc.newChannelBuilder("127.0.0.1:" + port, InsecureChannelCredentials.create())
                .build();
        ServerProcess server = new ServerProcess(process, channel, log);
        try {
            server.awaitServing();
        } catch (RuntimeException | Error e) {
            server.close();
            throw e;
        }
        return server;
    }

    @Override
    public ManagedChannel channel() {
        return channel;
    }

    public long pid() {
        return process.pid();
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
    }

    /** SIGSTOP: it does nothing, but its connections stay. */
    public void stop() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** SIGCONT after {@link #stop()}. */
    public void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    /** What it has logged so far. */
    public String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        process.destroyForcibly();
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    private void awaitServing() {
        HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(channel);
        Awaitility.await("the server serves")
                .atMost(Duration.ofSeconds(180))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(io.grpc.StatusRuntimeException.class)
                .failFast(() ->
                        assertThat(process.isAlive()).as(() -> logOrReason()).isTrue())
                .untilAsserted(() -> assertThat(health.withDeadlineAfter(2, TimeUnit.SECONDS)
                                .check(HealthCheckRequest.getDefaultInstance())
                                .getStatusValue())
                        .isEqualTo(1));
    }

    private String logOrReason() {
        try {
            return log();
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    /** What a target needs that is reached by that URL. */
    public static String login(String url, TestPostgres.Database database) {
        return ServerFile.login(url, database);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
