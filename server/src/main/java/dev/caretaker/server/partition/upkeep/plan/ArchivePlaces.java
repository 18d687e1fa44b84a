package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.archive.place.Destinations;
import dev.caretaker.server.error.CaretakerException;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where partitions would be archived: whether anything can be put there is told before somebody counts on it. */
@Singleton
final class ArchivePlaces {
    private final Destinations destinations;

    ArchivePlaces(Destinations destinations) {
        this.destinations = destinations;
    }

    private record Use(String set, String destination) {}

    /** One for each set and destination that takes nothing now; each destination is tried once, by something small. */
    List<UpkeepWarning> warnings(List<PlannedAction> actions) {
        Map<String, Optional<String>> tried = new HashMap<>();
        Set<Use> told = new HashSet<>();
        List<UpkeepWarning> warnings = new ArrayList<>();
        for (PlannedAction action : actions) {
            if (action.action() instanceof UpkeepAction.Archive archive) {
                String destination = archive.order().terms().destination();
                Optional<String> why = tried.computeIfAbsent(destination, this::unwritable);
                if (why.isPresent() && told.add(new Use(action.set(), destination))) {
                    warnings.add(new UpkeepWarning(
                            UpkeepWarning.Code.DESTINATION_UNWRITABLE,
                            action.set(),
                            Optional.of(action.table()),
                            why.get()
                                    + " Partitions that are to be archived there are copied to the spool, and stay held"
                                    + " until it takes them.",
                            Map.of("destination", destination),
                            ""));
                }
            }
        }
        return warnings;
    }

    /** As a sentence. */
    private Optional<String> unwritable(String destination) {
        try {
            return destinations
                    .unwritable(destination)
                    .map(why -> "Destination " + destination + " takes nothing now: " + why + ".");
        } catch (CaretakerException e) {
            return Optional.of(e.getMessage());
        }
    }
}
