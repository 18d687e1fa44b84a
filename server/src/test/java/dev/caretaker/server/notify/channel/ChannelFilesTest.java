package dev.caretaker.server.notify.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.config.ChannelConfig.Receiver;
import dev.caretaker.server.config.ChannelConfig.Webhook;
import dev.caretaker.server.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChannelFilesTest {

    @TempDir
    private Path folder;

    @Test
    void files_that_became_bad_are_told_by_their_keys_and_nothing_of_them_is_quoted() throws IOException {
        Path url = Files.writeString(folder.resolve("url"), "https://hooks.example.org/t0ken\n");
        Path secret = Files.writeString(folder.resolve("secret"), "whsec_MfKQ9r8GKYqTwUPD8ELPZIo2LaLaSw\n");
        Path authority = folder.resolve("ca.crt");
        Webhook channel = new Webhook(
                "ops",
                new Receiver(new Secret.InFile("url-file", url), false, Optional.empty(), Duration.ofSeconds(1)),
                new Secret.InFile("secret-file", secret));
        assertThat(ChannelFiles.problems(channel)).isEmpty();

        Files.writeString(url, "t0ken without a scheme");
        Files.writeString(secret, "s3cret");
        assertThat(ChannelFiles.problems(channel)).containsOnlyKeys("url-file", "secret-file");
        assertThat(ChannelFiles.problems(channel).toString())
                .contains("is not a URL", "is not whsec_ and the base64")
                .doesNotContain("t0ken", "s3cret");
        Files.delete(url);
        Files.writeString(secret, "");
        assertThat(ChannelFiles.problems(channel))
                .hasEntrySatisfying("url-file", problem -> assertThat(problem).contains("there is no such file"))
                .hasEntrySatisfying(
                        "secret-file", problem -> assertThat(problem).contains("is empty"));

        Files.writeString(authority, "no certificate");
        Webhook trusting = new Webhook(
                "ops",
                new Receiver(
                        new Secret.Text("https://example.org"),
                        false,
                        Optional.of(new Secret.InFile("ca-file", authority)),
                        Duration.ofSeconds(1)),
                new Secret.Text("whsec_MfKQ9r8GKYqTwUPD8ELPZIo2LaLaSw"));
        assertThat(ChannelFiles.problems(trusting)).containsOnlyKeys("ca-file");
    }
}
