package dev.caretaker.server.run.engine;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.run.RunView;
import dev.caretaker.server.run.Runs.CoursePoint;
import dev.caretaker.server.run.Runs.RunFilter;
import dev.caretaker.server.run.Runs.RunPage;
import dev.caretaker.server.run.Runs.RunSums;
import dev.caretaker.server.store.RunListStore;
import dev.caretaker.server.store.RunListStore.Listed;
import dev.caretaker.server.store.RunRow;
import dev.caretaker.server.store.RunStore;
import dev.caretaker.server.store.StepRow;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** Shows many runs at once: page by page, in sums, over time. A page token holds the place of the last row, so that new runs shift nothing. */
@Singleton
final class RunPages {
    private static final int DEFAULT_SIZE = 50;
    private static final int LARGEST_SIZE = 1_000;

    private final RunListStore lists;
    private final RunStore store;

    RunPages(RunListStore lists, RunStore store) {
        this.lists = lists;
        this.store = store;
    }

    RunPage list(RunFilter filter) {
        int size = filter.pageSize() <= 0 ? DEFAULT_SIZE : Math.min(filter.pageSize(), LARGEST_SIZE);
        List<Listed> found = lists.list(rows(filter), filter.pageToken().map(RunPages::key), size + 1);
        List<Listed> page = found.subList(0, Math.min(size, found.size()));
        List<RunRow> runs =
                page.stream().flatMap(listed -> listed.run().stream()).toList();
        Map<UUID, List<StepRow>> steps = store
                .shownSteps(runs.stream().map(RunRow::id).toList())
                .stream()
                .collect(Collectors.groupingBy(StepRow::runId));
        List<RunView> views = runs.stream()
                .map(run -> Views.withoutSteps(run, steps.getOrDefault(run.id(), List.of())))
                .toList();
        boolean more = found.size() > size;
        return new RunPage(views, more ? Optional.of(token(page.getLast().place())) : Optional.empty());
    }

    RunSums sums(RunFilter filter) {
        RunListStore.Sums sums = lists.sums(rows(filter));
        return new RunSums(
                sums.runs(), sums.ended(), sums.failed(), sums.rowsDeleted(), sums.rowsExact(), sums.bytesReturned());
    }

    /** How a run went over time; so many points at most. */
    List<CoursePoint> course(UUID runId, int most) {
        return lists.course(runId, most).stream()
                .map(point -> new CoursePoint(
                        point.at(), point.rowsDone(), point.bytesDone(), point.bytesProcessed(), point.longestBatch()))
                .toList();
    }

    private static RunListStore.Filter rows(RunFilter filter) {
        return new RunListStore.Filter(
                filter.target(),
                filter.states(),
                filter.kind(),
                filter.createdAfter(),
                filter.endedAfter(),
                filter.outcomes(),
                filter.topLevel());
    }

    private static String token(RunListStore.Key last) {
        return last.created() + "/" + last.id();
    }

    private static RunListStore.Key key(String token) {
        try {
            String[] parts = token.split("/", 2);
            return new RunListStore.Key(Instant.parse(parts[0]), UUID.fromString(parts[1]));
        } catch (IllegalArgumentException | DateTimeParseException | ArrayIndexOutOfBoundsException e) {
            throw CaretakerException.invalid("page_token", "is not one that this server gave out");
        }
    }
}
