package dev.caretaker.server.detect;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.ControlStore.Tx;
import dev.caretaker.server.store.Json;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
    /** How long findings that are gone, and mutes that expired, are kept. */
    static final Duration RETENTION = Duration.ofDays(90);

    private final ControlStore store;
    private final Clock clock;

    public Findings(ControlStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Remembers the results of a detection.
     *
     * @param results of all checks that were asked for
     * @param varied checks that ran with thresholds of the call's own: what they did not find is not gone
     * @return what was found, and then what is gone since the time before
     */
    List<Finding> remember(String target, List<CheckResult> results, Set<String> varied, Instant now) {
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
        return store.transaction(tx -> {
            List<Finding> all =
                    new ArrayList<>(tx.list("findings_merge", Findings::read, target, Json.write(byId.values()), now));
            tx.update("findings_touch", now, target, array(beyond));
            all.addAll(tx.list("findings_gone", Findings::read, now, target, array(sure)));
            tx.update("findings_prune", now.minus(RETENTION));
            tx.update("mutes_prune", now.minus(RETENTION));
            return withMutes(tx, target, all, now);
        });
    }

    /** A finding of the last detections. Fails with FINDING_NOT_FOUND. */
    public Finding get(String target, String findingId) {
        return store.transaction(tx -> withMutes(tx, target, List.of(find(tx, target, findingId)), now()))
                .getFirst();
    }

    /** The mute of a finding that holds now. */
    public Optional<Mute> mute(String target, String findingId) {
        return store.first("mute_find", Findings::readMute, target, findingId).filter(mute -> holds(mute, now()));
    }

    /** Hides a finding, or changes its mute. Fails with FINDING_NOT_FOUND. */
    public Mute mute(String target, String findingId, String reason, Optional<Instant> expires, Actor actor) {
        return store.transaction(tx -> {
            find(tx, target, findingId);
            Mute mute = new Mute(target, findingId, reason, expires, actor, now());
            tx.update("mute_put", target, findingId, reason, expires, Json.write(actor), mute.created());
            return mute;
        });
    }

    /** Shows a finding again and returns the mute that ended. Fails with FINDING_NOT_FOUND if none held. */
    public Mute unmute(String target, String findingId) {
        return store.transaction(tx -> tx.first("mute_delete", Findings::readMute, target, findingId))
                .filter(mute -> holds(mute, now()))
                .orElseThrow(() -> CaretakerException.of(
                        Reason.FINDING_NOT_FOUND,
                        "Finding \"" + findingId + "\" of target " + target + " is not muted.",
                        Map.of("target", target, "finding", findingId)));
    }

    private Finding find(Tx tx, String target, String findingId) {
        return tx.first("finding_find", Findings::read, target, findingId)
                .orElseThrow(() -> CaretakerException.of(
                        Reason.FINDING_NOT_FOUND,
                        "Target " + target + " has no finding \"" + findingId + "\".",
                        Map.of("target", target, "finding", findingId)));
    }

    private static List<Finding> withMutes(Tx tx, String target, List<Finding> findings, Instant now) {
        Map<String, Mute> mutes = new HashMap<>();
        tx.list("mutes_of_target", Findings::readMute, target).stream()
                .filter(mute -> holds(mute, now))
                .forEach(mute -> mutes.put(mute.findingId(), mute));
        return findings.stream()
                .map(finding -> new Finding(
                        finding.found(),
                        finding.firstSeen(),
                        finding.lastSeen(),
                        finding.status(),
                        mutes.containsKey(finding.found().id())))
                .toList();
    }

    private static boolean holds(Mute mute, Instant now) {
        return mute.expires().map(now::isBefore).orElse(true);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Ids as the text form of an array; they hold nothing that would need quoting. */
    private static String array(Collection<String> ids) {
        return ids.stream().collect(Collectors.joining(",", "{", "}"));
    }

    private static Finding read(ResultSet row) throws SQLException {
        RawFinding found = new RawFinding(
                row.getString("finding_id"),
                row.getString("check_id"),
                Severity.valueOf(row.getString("severity")),
                Confidence.valueOf(row.getString("confidence")),
                row.getString("object_kind"),
                row.getString("schema_name"),
                row.getString("object_name"),
                row.getString("message"),
                row.getDouble("impact"),
                ImpactUnit.valueOf(row.getString("impact_unit")),
                row.getString("evidence"),
                Optional.ofNullable(row.getString("remediation")),
                row.getBoolean("blocks_vacuum"),
                row.getBoolean("blocks_cleanup"));
        return new Finding(
                found,
                ControlStore.instant(row, "first_seen"),
                ControlStore.instant(row, "last_seen"),
                Finding.Status.valueOf(row.getString("status")),
                false);
    }

    private static Mute readMute(ResultSet row) throws SQLException {
        return new Mute(
                row.getString("target"),
                row.getString("finding_id"),
                row.getString("reason"),
                Optional.ofNullable(ControlStore.instant(row, "expires")),
                Json.read(row.getString("created_by"), Actor.class),
                ControlStore.instant(row, "created"));
    }
}
