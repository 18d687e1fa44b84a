package dev.caretaker.server.archive.place;

import dev.caretaker.server.config.ArchivesConfig;
import dev.caretaker.server.config.DestinationConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.error.Similar;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The destinations of the configuration, by name. Clients are made when they are first needed. */
@Singleton
public final class Destinations {
    private final ArchivesConfig config;
    private final Map<String, ObjectStore> open = new HashMap<>();

    Destinations(ArchivesConfig config) {
        this.config = config;
    }

    /** Names and kinds, as configured. */
    public List<DestinationConfig> all() {
        return List.copyOf(config.destinations().values());
    }

    /**
     * What is configured under a name.
     *
     * @throws CaretakerException DESTINATION_NOT_FOUND
     */
    public DestinationConfig require(String name) {
        return Optional.ofNullable(config.destinations().get(name))
                .orElseThrow(() -> CaretakerException.of(
                        Reason.DESTINATION_NOT_FOUND,
                        "The configuration has no destination \"" + name + "\""
                                + (Similar.to(name, config.destinations().keySet())
                                                .isPresent()
                                        ? Similar.question(
                                                name, config.destinations().keySet())
                                        : "."),
                        Map.of("destination", name)));
    }

    /**
     * Where the objects of a destination are.
     *
     * @throws CaretakerException DESTINATION_NOT_FOUND, also for one that keeps rows in tables
     */
    public synchronized ObjectStore store(String name) {
        DestinationConfig wanted = require(name);
        return open.computeIfAbsent(name, _ -> switch (wanted) {
            case DestinationConfig.Directory directory -> new DirectoryStore(directory.path());
            case DestinationConfig.S3 bucket -> new S3Store(bucket);
            case DestinationConfig.Table _ ->
                throw CaretakerException.of(
                        Reason.DESTINATION_NOT_FOUND,
                        "Destination \"" + name + "\" keeps rows in tables, not in archives.",
                        Map.of("destination", name));
        });
    }

    /**
     * What keeps objects from being put at a destination now, as a clause; empty if nothing does.
     *
     * @throws CaretakerException DESTINATION_NOT_FOUND
     */
    public Optional<String> unwritable(String name) {
        try {
            store(name).requireWritable();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }

    @PreDestroy
    synchronized void close() {
        open.values().forEach(ObjectStore::close);
        open.clear();
    }
}
