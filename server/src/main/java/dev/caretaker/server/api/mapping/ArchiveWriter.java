package dev.caretaker.server.api.mapping;

import com.google.protobuf.Timestamp;
import dev.caretaker.server.archive.ArchiveBook;
import dev.caretaker.server.archive.ArchiveRequest;
import dev.caretaker.server.archive.ArchiveVerifyTerms;
import dev.caretaker.server.archive.VerifyLevel;
import dev.caretaker.server.store.ArchivePartRow;
import dev.caretaker.server.store.ArchiveRow;
import dev.caretaker.v1.Archive;
import dev.caretaker.v1.ArchivePart;
import dev.caretaker.v1.ArchiveState;
import dev.caretaker.v1.ArchivedColumn;
import dev.caretaker.v1.ScheduledArchiveVerify;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Archives to their messages. */
public final class ArchiveWriter {
    private ArchiveWriter() {}

    /** As in lists. */
    public static Archive write(ArchiveRow row) {
        return brief(row, ArchiveBook.request(row)).build();
    }

    /** With parts and columns. */
    public static Archive write(ArchiveRow row, List<ArchivePartRow> parts) {
        ArchiveRequest request = ArchiveBook.request(row);
        return brief(row, request)
                .addAllParts(parts.stream().map(ArchiveWriter::write).toList())
                .addAllColumns(request.source().columns().stream()
                        .map(column -> ArchivedColumn.newBuilder()
                                .setName(column.name())
                                .setType(column.type())
                                .setNotNull(column.notNull())
                                .setGenerated(column.generated())
                                .build())
                        .toList())
                .addAllDefinition(request.source().definition())
                .build();
    }

    private static Archive.Builder brief(ArchiveRow row, ArchiveRequest request) {
        Archive.Builder message = Archive.newBuilder()
                .setArchiveId(row.id().toString())
                .setTarget(row.target())
                .setTable(Names.write(row.table()))
                .setPolicy(row.policy())
                .setRunId(row.runId().toString())
                .setState(state(row.state()))
                .setDestination(row.destination())
                .setLocation(row.location())
                .setFormat(request.terms().format())
                .setCompression(request.terms().compression())
                .setRows(row.rows())
                .setBytes(row.bytes())
                .setRawBytes(row.rawBytes())
                .setRowsInDoubt(row.rowsInDoubt())
                .setCreateTime(Times.write(row.created()))
                .setProblem(row.problem())
                .setFault(row.fault())
                .setCreatedBy(Names.write(request.actor()))
                .setPredicate(request.predicate());
        time(row.first(), message::setFirstTime);
        time(row.last(), message::setLastTime);
        time(row.sealed(), message::setSealTime);
        time(row.stored(), message::setStoreTime);
        time(row.deleted(), message::setDeleteTime);
        time(row.verified(), message::setVerifyTime);
        time(row.checked(), message::setCheckTime);
        time(request.cutoff(), message::setCutoff);
        row.deletedBy().map(Names::write).ifPresent(message::setDeletedBy);
        row.verifiedLevel().map(VerifyLevel::valueOf).map(ArchiveWriter::level).ifPresent(message::setVerifyLevel);
        return message;
    }

    private static ArchivePart write(ArchivePartRow part) {
        ArchivePart.Builder message = ArchivePart.newBuilder()
                .setPart(part.part())
                .setObject(part.object())
                .setBytes(part.storedBytes())
                .setRawBytes(part.rawBytes())
                .setRows(part.rows())
                .setSha256(part.sha256())
                .setStored(part.state() == ArchivePartRow.State.STORED)
                .setSpool(part.server());
        time(part.first(), message::setFirstTime);
        time(part.last(), message::setLastTime);
        return message.build();
    }

    static ScheduledArchiveVerify write(ArchiveVerifyTerms terms) {
        return ScheduledArchiveVerify.newBuilder()
                .addAllPolicies(terms.policies())
                .setNotVerifiedWithin(Times.write(terms.within()))
                .setMost(terms.most())
                .setLevel(level(terms.level()))
                .build();
    }

    /** Times beyond what a Timestamp can hold are left out. */
    private static void time(Optional<Instant> time, Consumer<Timestamp> setter) {
        time.filter(Times::isWritable).map(Times::write).ifPresent(setter);
    }

    private static ArchiveState state(ArchiveRow.State state) {
        return switch (state) {
            case OPEN -> ArchiveState.ARCHIVE_STATE_OPEN;
            case SEALED -> ArchiveState.ARCHIVE_STATE_SEALED;
            case STORED -> ArchiveState.ARCHIVE_STATE_STORED;
            case EMPTY -> ArchiveState.ARCHIVE_STATE_EMPTY;
            case DELETED -> ArchiveState.ARCHIVE_STATE_DELETED;
        };
    }

    private static dev.caretaker.v1.VerifyLevel level(VerifyLevel level) {
        return switch (level) {
            case STORED -> dev.caretaker.v1.VerifyLevel.VERIFY_LEVEL_STORED;
            case READ_BACK -> dev.caretaker.v1.VerifyLevel.VERIFY_LEVEL_READ_BACK;
            case RESTORED -> dev.caretaker.v1.VerifyLevel.VERIFY_LEVEL_RESTORED;
        };
    }
}
