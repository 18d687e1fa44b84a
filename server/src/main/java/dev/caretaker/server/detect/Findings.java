package dev.caretaker.server.detect;

import dev.caretaker.server.detect.FindingRows.FindingRow;
import dev.caretaker.server.detect.MuteRows.MuteRow;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.FindingOutbox;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.store.Measurement;
import dev.caretaker.server.store.MeasurementStore;
import dev.caretaker.server.store.ReportStore;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What detections found, kept over time, and what is muted. All methods fail with CONTROL_STORE_UNREACHABLE if the control
 * store does not answer.
 */
@Singleton
public class Findings {
    private final ControlStore store;
    private final FindingRows findings;
    private final MuteRows mutes;
    private final MeasurementStore measurements;
    private final FindingOutbox outbox;
    private final Clock clock;

    Findings(
            ControlStore store,
            FindingRows findings,
            MuteRows mutes,
            MeasurementStore measurements,
            FindingOutbox outbox,
            Clock clock) {
        this.store = store;
        this.findings = findings;
        this.mutes = mutes;
        this.measurements = measurements;
        this.outbox = outbox;
        this.clock = clock;
    }

    /**
     * Remembers the results of a detection, and has told what is new, worse or gone.
     *
     * @param results of all checks that were asked for
     * @param varied checks that ran with thresholds of the call's own: what they did not find is not gone, and what they did
     *     is told by nobody
     * @param named checks of whose findings only the names are told elsewhere
     * @return what was found, and then what is gone since the time before
     */
    List<Finding> remember(
            String target, List<CheckResult> results, Set<String> varied, Set<String> named, Instant now) {
        return remember(target, results, varied, varied, named, now);
    }

    /** Remembers what a check found of which something else tells at once: a detection tells it, if it still finds it. */
    void rememberSilently(String target, CheckResult result, Instant now) {
        remember(target, List.of(result), Set.of(), Set.of(result.checkId()), Set.of(), now);
    }

    private List<Finding> remember(
            String target,
            List<CheckResult> results,
            Set<String> varied,
            Set<String> silent,
            Set<String> named,
            Instant now) {
        List<RawFinding> found =
                results.stream().flatMap(result -> result.findings().stream()).toList();
        Map<String, RawFinding> byId =
                found.stream().collect(Collectors.toMap(RawFinding::id, raw -> raw, (first, second) -> first));
        List<String> sure = results.stream()
                .filter(CheckResult::sawEverything)
                .map(CheckResult::checkId)
                .filter(id -> !varied.contains(id))
                .toList();
        Set<String> beyond = results.stream()
                .flatMap(result -> result.ids().stream())
                .filter(id -> !byId.containsKey(id))
                .collect(Collectors.toSet());
        return store.transaction(() -> {
            boolean first = !outbox.begin(target);
            List<FindingRow> all = new ArrayList<>(findings.merge(target, Json.write(byId.values()), now));
            findings.touch(target, beyond, now);
            all.addAll(findings.gone(target, sure, now));
            outbox.found(target, silent, named, first, now);
            measurements.put(figures(target, results, varied, now));
            Set<String> muted = muted(target, now);
            return all.stream()
                    .map(row -> row.finding(muted.contains(row.findingId())))
                    .toList();
        });
    }

    /** Other thresholds may give other figures. */
    private static List<Measurement> figures(
            String target, List<CheckResult> results, Set<String> varied, Instant now) {
        return results.stream()
                .filter(result -> !varied.contains(result.checkId()))
                .flatMap(result -> result.figures().stream())
                .map(figure -> new Measurement(target, figure.measure(), figure.name(), figure.value(), now))
                .toList();
    }

    /** Findings that were first found within a span, muted or not, gravest first. */
    public ReportStore.Some<Finding> found(String target, Instant since, Instant until, int most) {
        return new ReportStore.Some<>(
                shown(target, findings.foundWithin(target, since, until, most)),
                findings.countFoundWithin(target, since, until));
    }

    /** Findings that went within a span, gravest first. */
    public ReportStore.Some<Finding> gone(String target, Instant since, Instant until, int most) {
        return new ReportStore.Some<>(
                shown(target, findings.goneWithin(target, since, until, most)),
                findings.countGoneWithin(target, since, until));
    }

    private List<Finding> shown(String target, List<FindingRow> rows) {
        Set<String> muted = muted(target, now());
        return rows.stream()
                .map(row -> row.finding(muted.contains(row.findingId())))
                .toList();
    }

    private Set<String> muted(String target, Instant now) {
        return mutes.ofTarget(target).stream()
                .filter(mute -> mute.holds(now))
                .map(MuteRow::findingId)
                .collect(Collectors.toSet());
    }

    /** A finding of the last detections. Fails with FINDING_NOT_FOUND. */
    public Finding get(String target, String findingId) {
        return find(target, findingId).finding(mute(target, findingId).isPresent());
    }

    /** The mute of a finding that holds now. */
    public Optional<Mute> mute(String target, String findingId) {
        return mutes.find(target, findingId).filter(mute -> mute.holds(now())).map(MuteRow::mute);
    }

    /** Hides a finding, or changes its mute. Fails with FINDING_NOT_FOUND. */
    public Mute mute(String target, String findingId, String reason, Optional<Instant> expires, Actor actor) {
        return store.transaction(() -> {
            find(target, findingId);
            Mute mute = new Mute(target, findingId, reason, expires, actor, now());
            mutes.put(MuteRow.of(mute));
            return mute;
        });
    }

    /** Shows a finding again and returns the mute that ended. Fails with FINDING_NOT_FOUND if none held. */
    public Mute unmute(String target, String findingId) {
        return mutes.find(target, findingId)
                .filter(mute -> mutes.delete(target, findingId) == 1)
                .filter(mute -> mute.holds(now()))
                .map(MuteRow::mute)
                .orElseThrow(() -> CaretakerException.of(
                        Reason.FINDING_NOT_FOUND,
                        "Finding \"" + findingId + "\" of target " + target + " is not muted.",
                        Map.of("target", target, "finding", findingId)));
    }

    private FindingRow find(String target, String findingId) {
        return findings.find(target, findingId)
                .orElseThrow(() -> CaretakerException.of(
                        Reason.FINDING_NOT_FOUND,
                        "Target " + target + " has no finding \"" + findingId + "\".",
                        Map.of("target", target, "finding", findingId)));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
