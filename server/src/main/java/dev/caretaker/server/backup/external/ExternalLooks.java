package dev.caretaker.server.backup.external;

import dev.caretaker.server.config.BackupToolsConfig;
import dev.caretaker.server.config.BackupToolsConfig.Source;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.BackupLookStore;
import dev.caretaker.server.store.BackupLookStore.Key;
import dev.caretaker.server.store.BackupLookStore.Look;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the tools that make physical backups, every five minutes and when asked, from one server of the control store. */
@Singleton
public class ExternalLooks {
    private static final Logger LOG = LoggerFactory.getLogger(ExternalLooks.class);
    private static final Duration EVERY = Duration.ofMinutes(5);
    /** What was seen longer ago may have been removed since. */
    private static final Duration STANDS = Duration.ofHours(1);

    /** How old a look may be for a caller who asks now. */
    public static final Duration FRESH = Duration.ofSeconds(10);

    private final BackupToolsConfig config;
    private final ExternalTools tools;
    private final BackupLookStore store;
    private final Targets targets;

    ExternalLooks(BackupToolsConfig config, ExternalTools tools, BackupLookStore store, Targets targets) {
        this.config = config;
        this.tools = tools;
        this.store = store;
        this.targets = targets;
    }

    /**
     * What is known of a tool that the configuration names.
     *
     * @param looked when it last told what it has
     * @param seen that; empty if it never did
     * @param failing since when it does not tell
     * @param error why
     */
    public record Known(
            Source source,
            Optional<Instant> looked,
            Optional<SeenBackups> seen,
            Optional<Instant> failing,
            String error) {

        /** Why it is unknown what it has, a sentence; empty if it told. */
        public Optional<String> unknown() {
            String stop = error.endsWith(".") ? "" : ".";
            return error.isEmpty()
                    ? Optional.empty()
                    : Optional.of("It is unknown what " + source.tool().program() + " has: " + error + stop);
        }

        /** Its newest backup, if it is known that it is still there. */
        public Optional<SeenBackup> newest(Instant now) {
            return looked.filter(at -> at.plus(STANDS).isAfter(now))
                    .flatMap(at -> seen)
                    .flatMap(SeenBackups::newest);
        }
    }

    @Scheduled(fixedDelay = "30s", initialDelay = "5s")
    void tick() {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            targets.all().stream()
                    .filter(target -> !config.of(target.name()).sources().isEmpty())
                    .forEach(target -> executor.execute(() -> look(target, EVERY)));
        }
    }

    /** What is known of each tool of a target; those are asked first of which that is older than this. */
    public List<Known> of(Target target, Duration oldest) {
        List<Source> sources = config.of(target.name()).sources();
        if (sources.isEmpty()) {
            return List.of();
        }
        look(target, oldest);
        return known(target.name());
    }

    /** The same of a target that need not be configured any more: no tool is asked then. */
    public List<Known> again(String target, Duration oldest) {
        return targets.names().contains(target) ? of(targets.get(target), oldest) : known(target);
    }

    /** What is known of each tool of a target, without asking any. */
    public List<Known> known(String target) {
        List<Source> sources = config.of(target).sources();
        if (sources.isEmpty()) {
            return List.of();
        }
        List<Look> looks = store.of(target);
        return sources.stream()
                .map(source -> known(source, key(target, source), looks))
                .toList();
    }

    /** The same of a target of whose tools nothing is known. */
    public List<Known> nothing(String target) {
        return config.of(target).sources().stream()
                .map(source -> known(source, key(target, source), List.of()))
                .toList();
    }

    private static Known known(Source source, Key key, List<Look> looks) {
        return looks.stream()
                .filter(look -> look.key().equals(key))
                .findFirst()
                .map(look -> new Known(
                        source,
                        look.looked(),
                        look.content().map(json -> Json.read(json, SeenBackups.class)),
                        look.failing(),
                        look.error()))
                .orElseGet(() -> new Known(source, Optional.empty(), Optional.empty(), Optional.empty(), ""));
    }

    private void look(Target target, Duration oldest) {
        for (Source source : config.of(target.name()).sources()) {
            Key key = key(target.name(), source);
            try {
                store.meet(key);
                if (store.claim(key, EVERY, oldest)) {
                    look(target, source, key);
                }
            } catch (CaretakerException e) {
                LOG.debug("{} of target {} is looked at later: {}", source.tool(), target.name(), e.getMessage());
            }
        }
    }

    private void look(Target target, Source source, Key key) {
        try {
            store.keep(key, Json.write(tools.ask(source).of(cluster(target, key))));
        } catch (CaretakerException e) {
            if (e.reason() == Reason.CONTROL_STORE_UNREACHABLE) {
                throw e;
            }
            store.failed(key, e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("{} of target {} could not be understood", source.tool(), target.name(), e);
            store.failed(key, "A fault of Caretaker's own: " + e);
        }
    }

    /** The target's system identifier; while it does not answer, what it was. */
    private String cluster(Target target, Key key) {
        try {
            return target.withPrimary(
                    connection -> Sql.of("SELECT system_identifier FROM pg_catalog.pg_control_system()")
                            .one(connection, row -> Long.toUnsignedString(row.getLong(1))));
        } catch (CaretakerException e) {
            LOG.debug("target {} does not say which cluster it is: {}", target.name(), e.getMessage());
            return store.of(target.name()).stream()
                    .filter(look -> look.key().equals(key))
                    .flatMap(look -> look.content().stream())
                    .map(json -> Json.read(json, SeenBackups.class).systemIdentifier())
                    .findFirst()
                    .orElse("");
        }
    }

    private static Key key(String target, Source source) {
        return new Key(target, source.tool().name(), source.name());
    }
}
