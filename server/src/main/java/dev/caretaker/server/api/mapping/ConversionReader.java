package dev.caretaker.server.api.mapping;

import dev.caretaker.server.partition.conversion.ConversionRequest;
import dev.caretaker.server.partition.conversion.plan.CutOver;
import dev.caretaker.server.partition.conversion.plan.Loss;
import dev.caretaker.server.run.BackupDemand;
import dev.caretaker.server.run.RunWindow;
import dev.caretaker.server.store.Actor;
import dev.caretaker.v1.ConversionLoss;
import dev.caretaker.v1.PlanConversionRequest;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads what is wanted of a conversion. What the table says comes later. */
public final class ConversionReader {
    private static final Duration LONGEST_LIFE = Duration.ofDays(7);

    private ConversionReader() {}

    /** The request for whoever asks; incomplete if violations were found. */
    public static Function<Actor, ConversionRequest> read(Violations violations, PlanConversionRequest message) {
        violations.require(message.hasSet(), "set", "is required");
        var set = message.hasSet() ? PartitionSetReader.read(violations, "set", message.getSet()) : null;
        String key = violations.identifier("key_column", message.getKeyColumn());
        Optional<Instant> boundary = message.hasBoundaryAfter()
                ? Optional.ofNullable(Times.read(violations, "boundary_after", message.getBoundaryAfter()))
                : Optional.empty();
        Optional<String> legacy = message.getLegacyName().isEmpty()
                ? Optional.empty()
                : Optional.of(violations.identifier("legacy_name", message.getLegacyName()));
        Optional<BigInteger> above = message.hasBoundaryAbove()
                ? Optional.of(BigInteger.valueOf(message.getBoundaryAbove()))
                : Optional.empty();
        CutOver cutOver = cutOver(violations, message);
        Set<Loss> accepted = losses(violations, message);
        Optional<Duration> life = message.hasTimeToLive()
                ? Optional.ofNullable(Times.read(
                        violations,
                        "time_to_live",
                        message.getTimeToLive(),
                        Duration.ofSeconds(1),
                        LONGEST_LIFE,
                        "at least one second and at most 7 days"))
                : Optional.empty();
        Optional<BackupDemand> backup =
                BackupDemands.read(violations, message.hasRequireBackup(), message.getRequireBackup());
        return actor ->
                new ConversionRequest(set, key, boundary, above, legacy, cutOver, accepted, life, backup, actor);
    }

    private static CutOver cutOver(Violations violations, PlanConversionRequest message) {
        boolean inWindow = message.getCutOver() == dev.caretaker.v1.CutOver.CUT_OVER_IN_WINDOW;
        violations.require(
                message.getCutOver() != dev.caretaker.v1.CutOver.UNRECOGNIZED,
                "cut_over",
                "is not a choice this server knows");
        violations.require(
                message.hasWindow() == inWindow,
                "window",
                inWindow ? "is required for a cut-over in a window" : "is for a cut-over in a window only");
        Optional<RunWindow> window = RunBounds.window(violations, "window", message.hasWindow(), message.getWindow());
        return new CutOver(message.getCutOver() == dev.caretaker.v1.CutOver.CUT_OVER_ON_REQUEST, window);
    }

    private static Set<Loss> losses(Violations violations, PlanConversionRequest message) {
        Set<Loss> accepted = EnumSet.noneOf(Loss.class);
        for (int i = 0; i < message.getAcceptedLossesCount(); i++) {
            Optional<Loss> loss = loss(message.getAcceptedLosses(i));
            violations.require(
                    loss.isPresent(), "accepted_losses[" + i + "]", "is not a loss that this server knows of");
            loss.ifPresent(accepted::add);
        }
        return accepted;
    }

    private static Optional<Loss> loss(ConversionLoss message) {
        return switch (message) {
            case CONVERSION_LOSS_UNIQUE_NARROWED -> Optional.of(Loss.UNIQUE_NARROWED);
            case CONVERSION_LOSS_FOREIGN_KEYS_DROPPED -> Optional.of(Loss.FOREIGN_KEYS_DROPPED);
            case CONVERSION_LOSS_PUBLICATION_CHANGED -> Optional.of(Loss.PUBLICATION_CHANGED);
            case CONVERSION_LOSS_ROW_TYPE_LEFT -> Optional.of(Loss.ROW_TYPE_LEFT);
            case CONVERSION_LOSS_NULL_KEYS_REFUSED -> Optional.of(Loss.NULL_KEYS_REFUSED);
            case CONVERSION_LOSS_KEY_CHANGED_BY_TRIGGER -> Optional.of(Loss.KEY_CHANGED_BY_TRIGGER);
            case CONVERSION_LOSS_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }
}
