package dev.caretaker.server.api.mapping;

import dev.caretaker.server.store.AuditRow;
import dev.caretaker.v1.AuditEntry;
import dev.caretaker.v1.AuditOutcome;
import java.util.Optional;
import java.util.UUID;

/** Writes entries of the audit as messages. */
public final class AuditWriter {
    private static final String PREFIX = "AUDIT_OUTCOME_";

    private AuditWriter() {}

    public static AuditEntry write(AuditRow row) {
        return AuditEntry.newBuilder()
                .setEntryId(row.id())
                .setTime(Times.write(row.at()))
                .setActor(Names.write(row.actor()))
                .setMethod(row.method())
                .setTarget(row.target())
                .setRequestId(row.requestId().map(UUID::toString).orElse(""))
                .setOutcome(AuditOutcome.valueOf(PREFIX + row.outcome().name()))
                .setReason(row.reason())
                .setMessage(row.message())
                .putAllSummary(row.summary())
                .build();
    }

    /** Empty if none is set or this server does not know it. */
    public static Optional<AuditRow.Outcome> read(AuditOutcome message) {
        return switch (message) {
            case AUDIT_OUTCOME_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
            default -> Optional.of(AuditRow.Outcome.valueOf(message.name().substring(PREFIX.length())));
        };
    }
}
