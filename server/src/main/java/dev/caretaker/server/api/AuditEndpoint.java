package dev.caretaker.server.api;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.api.mapping.AuditWriter;
import dev.caretaker.server.api.mapping.Paging;
import dev.caretaker.server.api.mapping.Times;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.store.AuditRow;
import dev.caretaker.server.store.AuditStore;
import dev.caretaker.v1.AuditOutcome;
import dev.caretaker.v1.AuditServiceGrpc;
import dev.caretaker.v1.ListAuditEntriesRequest;
import dev.caretaker.v1.ListAuditEntriesResponse;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Lists the audit. */
@Singleton
final class AuditEndpoint extends AuditServiceGrpc.AuditServiceImplBase {
    private static final int USUAL_PAGE = 100;
    private static final int LARGEST_PAGE = 1_000;
    /** Longest value that can be looked for. */
    private static final int ABOUT_BYTES = 255;

    private final AuditStore audit;

    AuditEndpoint(AuditStore audit) {
        this.audit = audit;
    }

    @Override
    public void listAuditEntries(ListAuditEntriesRequest request, StreamObserver<ListAuditEntriesResponse> observer) {
        Violations violations = new Violations();
        Paging paging = Paging.of(request);
        Paging.Page at =
                paging.page(violations, request.getPageSize(), request.getPageToken(), USUAL_PAGE, LARGEST_PAGE);
        AuditStore.Filter filter = filter(violations, request);
        Optional<AuditStore.Key> after = at.after().flatMap(token -> key(violations, token));
        List<AuditRow> found = violations.checked(() -> audit.list(filter, after, at.size() + 1));
        List<AuditRow> page = found.subList(0, Math.min(found.size(), at.size()));
        Optional<String> next = found.size() > page.size()
                ? Optional.of(page.getLast().at() + " " + page.getLast().id())
                : Optional.empty();
        Replies.send(
                observer,
                ListAuditEntriesResponse.newBuilder()
                        .addAllEntries(page.stream().map(AuditWriter::write).toList())
                        .setNextPageToken(paging.next(next))
                        .build());
    }

    private static AuditStore.Filter filter(Violations violations, ListAuditEntriesRequest request) {
        Optional<AuditRow.Outcome> outcome = AuditWriter.read(request.getOutcome());
        violations.require(
                outcome.isPresent() || request.getOutcome() == AuditOutcome.AUDIT_OUTCOME_UNSPECIFIED,
                "outcome",
                "is not an outcome this server knows");
        violations.require(
                request.getAbout().getBytes(StandardCharsets.UTF_8).length <= ABOUT_BYTES,
                "about",
                "is longer than 255 bytes");
        return new AuditStore.Filter(
                text(violations, "target", request.getTarget()),
                text(violations, "asked_by", request.getAskedBy()),
                text(violations, "method", request.getMethod()),
                outcome,
                text(violations, "about", request.getAbout()),
                request.hasAfterTime() ? time(violations, "after_time", request.getAfterTime()) : Optional.empty(),
                request.hasBeforeTime() ? time(violations, "before_time", request.getBeforeTime()) : Optional.empty());
    }

    private static Optional<Instant> time(Violations violations, String path, Timestamp given) {
        return Optional.ofNullable(Times.read(violations, path, given));
    }

    private static Optional<String> text(Violations violations, String path, String given) {
        return Optional.of(violations.text(path, given)).filter(text -> !text.isEmpty());
    }

    private static Optional<AuditStore.Key> key(Violations violations, String token) {
        String[] parts = token.split(" ", 2);
        try {
            return Optional.of(new AuditStore.Key(Instant.parse(parts[0]), Long.parseLong(parts[1])));
        } catch (DateTimeException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            violations.add("page_token", "is not a token that this list returned");
            return Optional.empty();
        }
    }
}
