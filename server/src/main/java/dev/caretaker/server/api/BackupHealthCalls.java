package dev.caretaker.server.api;

import dev.caretaker.server.api.command.Command;
import dev.caretaker.server.api.command.Commands;
import dev.caretaker.server.api.mapping.BackupHealthWriter;
import dev.caretaker.server.api.mapping.Times;
import dev.caretaker.server.api.mapping.Violations;
import dev.caretaker.server.backup.health.BackupHealths;
import dev.caretaker.server.config.BackupToolsConfig.Tool;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ExternalBackupStore;
import dev.caretaker.server.store.ExternalBackupStore.ExternalBackup;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import dev.caretaker.v1.GetBackupHealthRequest;
import dev.caretaker.v1.GetBackupHealthResponse;
import dev.caretaker.v1.RecordExternalBackupRequest;
import dev.caretaker.v1.RecordExternalBackupResponse;
import io.grpc.stub.StreamObserver;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;

/** The calls of {@link BackupEndpoint} that are about backups whoever made them. */
@Singleton
final class BackupHealthCalls {
    private static final Pattern SOURCE = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,62}");
    private static final int LONGEST_REFERENCE = 500;
    private static final int LONGEST_NOTE = 1_000;
    private static final String OURSELVES = "caretaker";
    /** Clocks differ. */
    private static final Duration SLACK = Duration.ofMinutes(1);

    private final BackupHealths healths;
    private final ExternalBackupStore recorded;
    private final Targets targets;
    private final Commands commands;
    private final Clock clock;

    BackupHealthCalls(
            BackupHealths healths, ExternalBackupStore recorded, Targets targets, Commands commands, Clock clock) {
        this.healths = healths;
        this.recorded = recorded;
        this.targets = targets;
        this.commands = commands;
        this.clock = clock;
    }

    void getBackupHealth(GetBackupHealthRequest request, StreamObserver<GetBackupHealthResponse> observer) {
        Violations violations = new Violations();
        violations.required("target", request.getTarget());
        Target target = violations.checked(() -> targets.get(request.getTarget()));
        Replies.send(
                observer,
                GetBackupHealthResponse.newBuilder()
                        .setHealth(BackupHealthWriter.write(healths.look(target)))
                        .build());
    }

    void recordExternalBackup(
            RecordExternalBackupRequest request, StreamObserver<RecordExternalBackupResponse> observer) {
        Replies.send(observer, commands.execute(request, RecordExternalBackupResponse.parser(), violations -> {
            violations.required("target", request.getTarget());
            source(violations, request.getSource());
            violations.required("reference", request.getReference());
            violations.require(
                    request.getReference().length() <= LONGEST_REFERENCE,
                    "reference",
                    "is longer than " + LONGEST_REFERENCE + " characters");
            violations.require(
                    request.getNote().length() <= LONGEST_NOTE,
                    "note",
                    "is longer than " + LONGEST_NOTE + " characters");
            violations.require(request.getBytes() >= 0, "bytes", "is negative");
            Optional<Instant> time = time(violations, request);
            Optional<Instant> verified = verified(violations, request, time);
            return new Command<>(
                    request.getTarget(),
                    Map.of("source", request.getSource(), "reference", request.getReference()),
                    actor -> recorded(request, time.orElseThrow(), verified, actor),
                    () -> recorded.find(request.getTarget(), request.getSource(), request.getReference())
                            .map(BackupHealthCalls::answer),
                    answer -> Map.of("backup_id", answer.getBackup().getBackupId()));
        }));
    }

    private RecordExternalBackupResponse recorded(
            RecordExternalBackupRequest request, Instant time, Optional<Instant> verified, Actor actor) {
        return answer(recorded.put(new ExternalBackup(
                UUID.fromString(request.getRequestId()),
                targets.get(request.getTarget()).name(),
                request.getSource(),
                request.getReference(),
                time,
                verified,
                request.getBytes() == 0 ? OptionalLong.empty() : OptionalLong.of(request.getBytes()),
                request.getNote(),
                actor,
                clock.instant())));
    }

    private static RecordExternalBackupResponse answer(ExternalBackup backup) {
        return RecordExternalBackupResponse.newBuilder()
                .setBackup(BackupHealthWriter.write(backup))
                .build();
    }

    private static void source(Violations violations, String source) {
        violations.require(
                SOURCE.matcher(source).matches(),
                "source",
                "has 1 to 63 lower-case letters, digits, hyphens, dots and underscores, a letter or digit first");
        boolean taken = source.equals(OURSELVES)
                || Arrays.stream(Tool.values()).anyMatch(tool -> tool.program().equals(source));
        violations.require(!taken, "source", "is the name of what tells its backups itself");
    }

    private Optional<Instant> time(Violations violations, RecordExternalBackupRequest request) {
        if (!request.hasTime()) {
            violations.add("time", "is required");
            return Optional.empty();
        }
        return notLater(violations, "time", Optional.ofNullable(Times.read(violations, "time", request.getTime())));
    }

    private Optional<Instant> verified(
            Violations violations, RecordExternalBackupRequest request, Optional<Instant> time) {
        if (!request.hasVerifyTime()) {
            return Optional.empty();
        }
        Optional<Instant> verified =
                Optional.ofNullable(Times.read(violations, "verify_time", request.getVerifyTime()));
        violations.require(
                verified.isEmpty() || time.isEmpty() || !verified.get().isBefore(time.get()),
                "verify_time",
                "is before the moment whose state the backup holds");
        return notLater(violations, "verify_time", verified);
    }

    private Optional<Instant> notLater(Violations violations, String path, Optional<Instant> time) {
        violations.require(
                time.filter(at -> at.isAfter(clock.instant().plus(SLACK))).isEmpty(), path, "is in the future");
        return time;
    }
}
