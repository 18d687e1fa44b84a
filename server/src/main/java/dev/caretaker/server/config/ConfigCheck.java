package dev.caretaker.server.config;

import io.micronaut.context.env.Environment;
import java.util.Optional;

/** Reads all of the configuration before anything is started, so that all that is wrong with it is told at once. */
public final class ConfigCheck {
    private ConfigCheck() {}

    /** @throws ConfigException if anything is wrong */
    public static void require(Environment environment) {
        Problems problems = new Problems();
        Optional<CaretakerConfig> config = problems.of(() -> new ConfigReader().read(environment));
        problems.of(() -> new ConfigReader().checksLogin(environment));
        problems.of(() -> new ChecksReader().read(environment));
        problems.of(() -> new ReportsReader().read(environment));
        problems.of(() -> new RoutinesReader().read(environment));
        problems.of(() -> new TracingReader().read(environment));
        Optional<EngineConfig> engine = problems.of(() -> new EngineReader().read(environment));
        Optional<SchedulesConfig> schedules = problems.of(() -> new SchedulesReader().read(environment));
        Optional<NotificationsConfig> notifications = problems.of(() -> new NotificationsReader().read(environment));
        config.ifPresent(known -> {
            problems.of(() -> new HttpReader().read(environment, known));
            problems.of(() -> new GrowthReader().read(environment, known));
            problems.of(() -> new ArchivesReader().read(environment, known));
            problems.of(() -> new BackupToolsReader().read(environment, known));
        });
        if (engine.isPresent() && schedules.isPresent() && notifications.isPresent()) {
            problems.of(
                    () -> new RetentionReader().read(environment, engine.get(), schedules.get(), notifications.get()));
        }
        problems.require();
    }
}
