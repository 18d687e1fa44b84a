package dev.caretaker.server.report.file;

import dev.caretaker.server.config.ReportsConfig;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes reports of this server that were kept long enough. */
@Singleton
final class ReportPruner {
    private static final Logger LOG = LoggerFactory.getLogger(ReportPruner.class);

    private final ReportFolder folder;
    private final ReportsConfig config;
    private final InstantSource machine;

    ReportPruner(ReportFolder folder, ReportsConfig config, @Named("machine") InstantSource machine) {
        this.folder = folder;
        this.config = config;
        this.machine = machine;
    }

    @Scheduled(fixedDelay = "1h", initialDelay = "1m")
    void prune() {
        try {
            int gone = folder.prune(machine.instant().minus(config.retention()));
            LOG.debug("pruned {} reports", gone);
        } catch (IOException e) {
            LOG.warn("Old reports could not be removed, it is tried again in an hour: {}", e.toString());
        }
    }
}
