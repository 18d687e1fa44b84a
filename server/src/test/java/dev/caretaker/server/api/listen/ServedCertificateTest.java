package dev.caretaker.server.api.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.api.Certificates;
import dev.caretaker.server.config.CaretakerConfig;
import dev.caretaker.server.config.ListenConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServedCertificateTest {
    @TempDir
    Path folder;

    private ServedCertificate served(ListenConfig listen, int days) {
        Clock clock = Clock.fixed(Instant.now().plus(Duration.ofDays(days)), ZoneOffset.UTC);
        return new ServedCertificate(
                new CaretakerConfig(listen, Optional.empty(), 8, folder, 0, new TreeMap<>()), clock);
    }

    @Test
    void its_end_is_told_two_weeks_before_and_what_becomes_of_its_file() throws Exception {
        Certificates authority = Certificates.authority(folder);
        authority.sign("server", "CN=localhost", "dns:localhost");
        Path file = authority.certificate("server");
        var tls = new ListenConfig.Tls(file, authority.key("server"), Optional.empty());
        var listen = new ListenConfig("127.0.0.1", 0, Optional.of(tls), Optional.empty(), false);

        assertThat(served(listen, 70).problem()).isEmpty();
        assertThat(served(listen, 80).problem())
                .hasValueSatisfying(told -> assertThat(told).startsWith("the certificate that callers see expires at"));
        assertThat(served(listen, 91).problem())
                .hasValueSatisfying(told -> assertThat(told).startsWith("the certificate that callers see expired at"));

        ServedCertificate ending = served(listen, 80);
        ServedCertificate good = served(listen, 1);
        authority.sign("renewed", "CN=localhost", "dns:localhost", 120);
        Files.copy(authority.certificate("renewed"), file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(ending.problem())
                .hasValueSatisfying(told -> assertThat(told).endsWith("is there and counts after a restart"));
        assertThat(good.problem()).isEmpty();

        Files.writeString(file, "no certificate");
        assertThat(good.problem()).contains(file + " holds no certificate, so this server could not start again");
        Files.delete(file);
        assertThat(good.problem())
                .contains("cannot read " + file + ": there is no such file, so this server could not start again");
    }

    @Test
    void without_tls_there_is_nothing_to_tell() {
        var listen = new ListenConfig("127.0.0.1", 0, Optional.empty(), Optional.empty(), false);
        assertThat(served(listen, 1_000).problem()).isEmpty();
    }
}
