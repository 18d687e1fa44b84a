package dev.caretaker.server.archive.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * S3Proxy in a process of its own: a store that others wrote, as a second opinion beside {@link FakeS3}. It compares signatures and
 * checksums, and knows conditional writes.
 */
public final class OtherS3 implements AutoCloseable {
    private final Process process;

    private OtherS3(Process process) {
        this.process = process;
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param folder for its files
     * @param key of those who may use it, and its secret
     */
    public static OtherS3 start(Path folder, int port, String bucket, String key) throws IOException {
        Path objects = folder.resolve("objects");
        Files.createDirectories(objects.resolve(bucket));
        Path configuration = Files.writeString(folder.resolve("s3proxy.conf"), """
                s3proxy.endpoint=http://127.0.0.1:%1$d
                s3proxy.authorization=aws-v4
                s3proxy.identity=%2$s
                s3proxy.credential=%2$s
                jclouds.provider=filesystem-nio2
                jclouds.filesystem.basedir=%3$s
                """.formatted(port, key, objects));
        Path log = folder.resolve("s3proxy.log");
        OtherS3 started = new OtherS3(new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        System.getProperty("caretaker.test.s3proxy"),
                        "--properties",
                        configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
        try {
            await("S3Proxy listens")
                    .atMost(Duration.ofSeconds(90))
                    .failFast(() -> assertThat(started.process.isAlive())
                            .as(Files.readString(log))
                            .isTrue())
                    .until(() -> listens(port));
        } catch (RuntimeException | Error e) {
            started.close();
            throw e;
        }
        return started;
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
