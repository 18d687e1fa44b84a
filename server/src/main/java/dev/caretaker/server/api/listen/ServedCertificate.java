package dev.caretaker.server.api.listen;

import dev.caretaker.server.config.CaretakerConfig;
import dev.caretaker.server.config.ListenConfig;
import dev.caretaker.server.config.Reading;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The certificate that callers see. It is read at the start, so a newer file counts after a restart. */
@Singleton
public final class ServedCertificate {
    /** Key of the configuration that names its file. */
    public static final String KEY = "caretaker.listen.tls.certificate";

    /** Its end is told so long before; what renews certificates by itself does so earlier. */
    private static final Duration NOTICE = Duration.ofDays(14);
    /** Short-lived ones: the last third of their time. */
    private static final int SHARE = 3;

    private final InstantSource machine;
    private final Optional<Path> file;
    private final Optional<X509Certificate> served;

    ServedCertificate(CaretakerConfig config, @Named("machine") InstantSource machine) {
        this.machine = machine;
        this.file = config.listen().tls().map(ListenConfig.Tls::certificate);
        this.served = file.flatMap(path -> {
            try {
                return Optional.of(read(path));
            } catch (IOException | CertificateException e) {
                // Whether the server can start with it is for its TLS to say.
                return Optional.empty();
            }
        });
    }

    /** What is wrong with it or with its file, a clause; empty if nothing is, or there is none. */
    public Optional<String> problem() {
        return served.flatMap(certificate -> ending(certificate).or(this::unreadable));
    }

    private Optional<String> ending(X509Certificate certificate) {
        Instant end = certificate.getNotAfter().toInstant();
        Duration third =
                Duration.between(certificate.getNotBefore().toInstant(), end).dividedBy(SHARE);
        Instant now = machine.instant();
        if (now.isBefore(end.minus(third.compareTo(NOTICE) < 0 ? third : NOTICE))) {
            return Optional.empty();
        }
        return Optional.of("the certificate that callers see " + (now.isBefore(end) ? "expires at " : "expired at ")
                + told(end) + newer(end));
    }

    private String newer(Instant end) {
        try {
            Instant renewed = read(file.orElseThrow()).getNotAfter().toInstant();
            return renewed.isAfter(end) ? "; one until " + told(renewed) + " is there and counts after a restart" : "";
        } catch (IOException | CertificateException e) {
            // It is told once the one that is served is good for long enough.
            return "";
        }
    }

    private Optional<String> unreadable() {
        Path path = file.orElseThrow();
        try {
            read(path);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(
                    "cannot read " + path + ": " + Reading.why(e) + ", so this server could not start again");
        } catch (CertificateException e) {
            return Optional.of(path + " holds no certificate, so this server could not start again");
        }
    }

    private static String told(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** The first certificate of the file, which is the server's own. */
    private static X509Certificate read(Path path) throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(path)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
