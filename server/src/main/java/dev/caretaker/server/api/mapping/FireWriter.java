package dev.caretaker.server.api.mapping;

import dev.caretaker.server.schedule.Forecast;
import dev.caretaker.server.store.FireOutcome;
import dev.caretaker.server.store.FireRow;
import dev.caretaker.server.store.HoldRow;
import dev.caretaker.v1.Fire;
import dev.caretaker.v1.ForecastFire;
import dev.caretaker.v1.Hold;
import java.util.Optional;
import java.util.UUID;

/** Writes what becomes of nominal times, and what is on hold, as messages. */
public final class FireWriter {
    private static final String PREFIX = "FIRE_OUTCOME_";

    private FireWriter() {}

    public static Fire write(FireRow fire) {
        Fire.Builder message = Fire.newBuilder()
                .setSchedule(fire.schedule())
                .setTarget(fire.target())
                .setNominalTime(Times.write(fire.nominal()))
                .setOutcome(write(fire.outcome()))
                .setReason(fire.reason())
                .setMessage(fire.message())
                .setRunId(fire.runId().map(UUID::toString).orElse(""))
                .addAllEarlierRunIds(
                        fire.earlierRuns().stream().map(UUID::toString).toList())
                .setPlanId(fire.planId().map(UUID::toString).orElse(""))
                .setDecideTime(Times.write(fire.decided()))
                .setTimes(fire.times())
                .setLastNominalTime(Times.write(fire.lastNominal()));
        fire.runOutcome().map(RunWriter::write).ifPresent(message::setRunOutcome);
        fire.retryAt().map(Times::write).ifPresent(message::setRetryTime);
        fire.trigger().ifPresent(trigger -> message.setTriggeredBy(Names.write(trigger.actor())));
        return message.build();
    }

    public static ForecastFire write(Forecast forecast) {
        return ForecastFire.newBuilder()
                .setTarget(forecast.target())
                .setNominalTime(Times.write(forecast.nominal()))
                .setStartTime(Times.write(forecast.due()))
                .setOutcome(write(forecast.outcome()))
                .setMessage(forecast.message())
                .setShifted(forecast.shifted())
                .addAllDoubts(forecast.doubts())
                .build();
    }

    static dev.caretaker.v1.FireOutcome write(FireOutcome outcome) {
        return dev.caretaker.v1.FireOutcome.valueOf(PREFIX + outcome.name());
    }

    /** Empty if this server does not know it. */
    public static Optional<FireOutcome> read(dev.caretaker.v1.FireOutcome message) {
        return switch (message) {
            case FIRE_OUTCOME_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
            default -> Optional.of(FireOutcome.valueOf(message.name().substring(PREFIX.length())));
        };
    }

    public static Hold write(HoldRow hold) {
        Hold.Builder message = Hold.newBuilder()
                .setHoldId(hold.id().toString())
                .setTarget(hold.target().orElse(""))
                .addAllKinds(hold.kinds().stream().map(RunWriter::write).toList())
                .setReason(hold.reason())
                .setSetBy(Names.write(hold.setBy()))
                .setStartTime(Times.write(hold.since()))
                .setPauseRunning(hold.pauseRunning())
                .addAllPausedRunIds(
                        hold.pausedRuns().stream().map(UUID::toString).toList());
        hold.until().map(Times::write).ifPresent(message::setEndTime);
        hold.released().map(Times::write).ifPresent(message::setReleaseTime);
        hold.releasedBy().map(Names::write).ifPresent(message::setReleasedBy);
        return message.build();
    }
}
