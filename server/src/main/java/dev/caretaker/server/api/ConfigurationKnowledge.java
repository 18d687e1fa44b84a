package dev.caretaker.server.api;

import dev.caretaker.server.api.listen.ServedCertificate;
import dev.caretaker.server.api.security.KnownCallers;
import dev.caretaker.server.api.security.MetricsReaders;
import dev.caretaker.server.config.CaretakerConfig;
import dev.caretaker.server.config.ChecksLogin;
import dev.caretaker.server.config.ControlStoreConfig;
import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.HttpConfig;
import dev.caretaker.server.config.Secret;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.detect.ConfigurationFacts;
import dev.caretaker.server.notify.Notifications;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells the checks which of this server's configuration files have become bad since it started. */
@Singleton
final class ConfigurationKnowledge implements ConfigurationFacts {
    private final KnownCallers callers;
    private final MetricsReaders readers;
    private final ServedCertificate certificate;
    private final CaretakerConfig config;
    private final ChecksLogin checks;
    private final Notifications notifications;

    ConfigurationKnowledge(
            KnownCallers callers,
            MetricsReaders readers,
            ServedCertificate certificate,
            CaretakerConfig config,
            ChecksLogin checks,
            Notifications notifications) {
        this.callers = callers;
        this.readers = readers;
        this.certificate = certificate;
        this.config = config;
        this.checks = checks;
        this.notifications = notifications;
    }

    @Override
    public List<BadFile> badFiles(String target) {
        Optional<Credentials> ofTarget =
                Optional.ofNullable(config.targets().get(target)).map(TargetConfig::credentials);
        Optional<Credentials> ofStore = config.controlStore().map(ControlStoreConfig::credentials);
        Stream<BadFile> ofCallers = Stream.of(
                        tokens(),
                        readers.problem().map(problem -> new BadFile(HttpConfig.METRICS_TOKENS_KEY, problem)),
                        certificate(),
                        password(ofTarget, "new connections to this target fail"),
                        password(checks.credentials(), "your own checks cannot log in"),
                        password(ofStore, "this server could not start again"))
                .flatMap(Optional::stream);
        Stream<BadFile> ofChannels = notifications.badFiles().entrySet().stream()
                .map(bad -> new BadFile(bad.getKey(), bad.getValue() + ", so nobody is told through this channel"));
        return Stream.concat(ofCallers, ofChannels).toList();
    }

    private Optional<BadFile> tokens() {
        return callers.problem().map(problem -> new BadFile(KnownCallers.KEY, problem));
    }

    private Optional<BadFile> certificate() {
        return certificate.problem().map(problem -> new BadFile(ServedCertificate.KEY, problem));
    }

    private static Optional<BadFile> password(Optional<Credentials> credentials, String consequence) {
        return credentials.flatMap(Credentials::password).flatMap(secret -> switch (secret) {
            case Secret.Text text -> Optional.empty();
            case Secret.InFile file ->
                file.problem().map(problem -> new BadFile(file.key(), problem + ", so " + consequence));
        });
    }
}
