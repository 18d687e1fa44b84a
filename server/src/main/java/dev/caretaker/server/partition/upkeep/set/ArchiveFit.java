package dev.caretaker.server.partition.upkeep.set;

import dev.caretaker.server.archive.ArchiveTerms;
import dev.caretaker.server.archive.format.Formats;
import dev.caretaker.server.archive.place.Destinations;
import dev.caretaker.server.config.DestinationConfig;
import dev.caretaker.server.error.FieldViolation;
import dev.caretaker.server.error.Similar;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the configuration has what a set wants for the rows of partitions that are dropped. */
@Singleton
final class ArchiveFit {
    private final Destinations destinations;
    private final Formats formats;

    ArchiveFit(Destinations destinations, Formats formats) {
        this.destinations = destinations;
        this.formats = formats;
    }

    /** @param path of the archive in the request */
    List<FieldViolation> objections(PartitionSet set, String path) {
        return set.retirement()
                .flatMap(Retirement::archive)
                .map(terms -> objections(terms, path))
                .orElse(List.of());
    }

    private List<FieldViolation> objections(ArchiveTerms terms, String path) {
        List<FieldViolation> violations = new ArrayList<>();
        destination(terms.destination())
                .ifPresent(why -> violations.add(new FieldViolation(path + ".destination", why)));
        choice(terms.format(), formats.names())
                .or(() -> formats.obstacle(terms.format()))
                .ifPresent(why -> violations.add(new FieldViolation(path + ".format", why)));
        choice(terms.compression(), formats.compressionNames())
                .ifPresent(why -> violations.add(new FieldViolation(path + ".compression", why)));
        return violations;
    }

    private Optional<String> destination(String name) {
        List<String> known =
                destinations.all().stream().map(DestinationConfig::name).toList();
        if (!known.contains(name)) {
            return Optional.of("the configuration has no destination \"" + name + "\"" + Similar.question(name, known));
        }
        return destinations.require(name) instanceof DestinationConfig.Table
                ? Optional.of("destination \"" + name + "\" keeps rows in tables; a partition is archived in files")
                : Optional.empty();
    }

    private static Optional<String> choice(String value, List<String> known) {
        return known.contains(value)
                ? Optional.empty()
                : Optional.of("\"" + value + "\" is none of " + String.join(", ", known));
    }
}
