package dev.caretaker.server.api;

import dev.caretaker.server.api.command.Command;
import dev.caretaker.server.api.mapping.FireWriter;
import dev.caretaker.server.api.mapping.Paging;
import dev.caretaker.server.api.mapping.Times;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.schedule.Schedules;
import dev.caretaker.server.store.FireOutcome;
import dev.caretaker.server.store.FireRow;
import dev.caretaker.server.store.FireStore;
import dev.caretaker.server.store.FireTrigger;
import dev.caretaker.v1.ListFiresRequest;
import dev.caretaker.v1.ListFiresResponse;
import dev.caretaker.v1.TriggerScheduleRequest;
import dev.caretaker.v1.TriggerScheduleResponse;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Lists what became of nominal times, and asks for fires out of turn. */
@Singleton
final class ScheduleFires {
    private static final int USUAL_PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;

    private final FireStore fires;
    private final Schedules schedules;

    ScheduleFires(FireStore fires, Schedules schedules) {
        this.fires = fires;
        this.schedules = schedules;
    }

    ListFiresResponse list(ListFiresRequest request) {
        Violations violations = new Violations();
        Paging paging = Paging.of(request);
        Paging.Page at =
                paging.page(violations, request.getPageSize(), request.getPageToken(), USUAL_PAGE, LARGEST_PAGE);
        FireStore.Filter filter = new FireStore.Filter(
                text(request.getSchedule()),
                text(request.getTarget()),
                outcomes(violations, request),
                request.hasAfterTime()
                        ? Optional.ofNullable(Times.read(violations, "after_time", request.getAfterTime()))
                        : Optional.empty(),
                request.hasBeforeTime()
                        ? Optional.ofNullable(Times.read(violations, "before_time", request.getBeforeTime()))
                        : Optional.empty());
        Optional<FireStore.Key> after = at.after().flatMap(token -> key(violations, token));
        List<FireRow> found = violations.checked(() -> fires.list(filter, after, at.size() + 1));
        List<FireRow> page = found.subList(0, Math.min(found.size(), at.size()));
        return ListFiresResponse.newBuilder()
                .addAllFires(page.stream().map(FireWriter::write).toList())
                .setNextPageToken(
                        paging.next(found.size() > page.size() ? Optional.of(token(page.getLast())) : Optional.empty()))
                .build();
    }

    private static Set<FireOutcome> outcomes(Violations violations, ListFiresRequest request) {
        Set<FireOutcome> outcomes = EnumSet.noneOf(FireOutcome.class);
        for (int i = 0; i < request.getOutcomesCount(); i++) {
            Optional<FireOutcome> outcome = FireWriter.read(request.getOutcomes(i));
            violations.require(outcome.isPresent(), "outcomes[" + i + "]", "is not an outcome this server knows");
            outcome.ifPresent(outcomes::add);
        }
        return outcomes;
    }

    private static String token(FireRow last) {
        return last.nominal() + " " + last.schedule() + " " + last.target();
    }

    private static Optional<FireStore.Key> key(Violations violations, String token) {
        String[] parts = token.split(" ", 3);
        try {
            return Optional.of(new FireStore.Key(Instant.parse(parts[0]), parts[1], parts[2]));
        } catch (DateTimeException | ArrayIndexOutOfBoundsException e) {
            violations.add("page_token", "is not a token that this list returned");
            return Optional.empty();
        }
    }

    Command<TriggerScheduleResponse> trigger(Violations violations, TriggerScheduleRequest request) {
        violations.required("name", request.getName());
        return new Command<>(
                request.getTarget(),
                Map.of("schedule", request.getName(), "ignore_window", Boolean.toString(request.getIgnoreWindow())),
                actor -> answer(schedules.trigger(
                        request.getName(),
                        text(request.getTarget()),
                        new FireTrigger(actor, request.getIgnoreWindow(), UUID.fromString(request.getRequestId())))),
                () -> Optional.of(answer(fires.ofRequest(request.getName(), UUID.fromString(request.getRequestId())))),
                answer -> Map.of("fires", Integer.toString(answer.getFiresCount())));
    }

    private static TriggerScheduleResponse answer(List<FireRow> asked) {
        return TriggerScheduleResponse.newBuilder()
                .addAllFires(asked.stream().map(FireWriter::write).toList())
                .build();
    }

    private static Optional<String> text(String text) {
        return Optional.of(text).filter(given -> !given.isEmpty());
    }
}
