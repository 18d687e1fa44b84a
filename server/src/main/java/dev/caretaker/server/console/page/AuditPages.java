package dev.caretaker.server.console.page;

import dev.caretaker.server.console.show.Moments;
import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.BadRequest;
import dev.caretaker.server.console.web.Pages;
import dev.caretaker.server.console.web.Reply;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.console.web.Routes;
import dev.caretaker.server.console.web.Section;
import dev.caretaker.v1.AuditOutcome;
import dev.caretaker.v1.ListAuditEntriesRequest;
import dev.caretaker.v1.ListAuditEntriesResponse;
import jakarta.inject.Singleton;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;

/** Who asked for what, and what became of it. */
@Singleton
final class AuditPages implements Pages {
    private static final int PAGE = 50;

    @Override
    public void add(Routes routes) {
        routes.get("/audit", this::list);
    }

    private Reply list(Request request) {
        Api api = request.api();
        AuditFilter filter = new AuditFilter(
                request.query("target"),
                request.query("by").strip(),
                request.query("method").strip(),
                outcome(request.query("outcome")),
                request.query("about").strip(),
                request.query("from"),
                request.query("to"),
                request.zone());
        ListAuditEntriesRequest.Builder wanted = ListAuditEntriesRequest.newBuilder()
                .setTarget(filter.target())
                .setAskedBy(filter.by())
                .setMethod(filter.method())
                .setOutcome(filter.outcome())
                .setAbout(filter.about())
                .setPageSize(PAGE)
                .setPageToken(request.query("page"));
        day(filter.from())
                .ifPresent(day -> wanted.setAfterTime(
                        Moments.timestamp(day.atStartOfDay(filter.zone()).toInstant())));
        day(filter.to())
                .ifPresent(day -> wanted.setBeforeTime(Moments.timestamp(
                        day.plusDays(1).atStartOfDay(filter.zone()).toInstant())));
        ListAuditEntriesResponse answer = api.audit().listAuditEntries(wanted.build());
        return request.page(
                Section.AUDIT,
                "Audit",
                "audit.jte",
                new AuditView(filter, Targets.names(api), answer.getEntriesList(), answer.getNextPageToken()));
    }

    private static AuditOutcome outcome(String name) {
        if (name.isEmpty()) {
            return AuditOutcome.AUDIT_OUTCOME_UNSPECIFIED;
        }
        return Arrays.stream(AuditOutcome.values())
                .filter(outcome ->
                        outcome != AuditOutcome.UNRECOGNIZED && outcome.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new BadRequest("There is no such outcome: " + name + "."));
    }

    private static Optional<LocalDate> day(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(LocalDate.parse(text));
        } catch (DateTimeParseException e) {
            throw new BadRequest("A day is written as 2026-05-01.");
        }
    }
}
