package dev.caretaker.server.detect;

import dev.caretaker.server.config.ChecksConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.OneByOne;
import dev.caretaker.server.store.ControlStore;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.target.Scope;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import io.micronaut.scheduling.annotation.Scheduled;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds by the clock what the control store alone knows, and that it is not so any more: that an expectation of a schedule is broken, and
 * that somebody could not be told. No detection may run for long, and none can at a target that is away, which is when expectations
 * break. These checks ask nothing of a target, so their statements are asked of the control store. Any server does it. Each is also told
 * as an event of its own.
 */
@Singleton
final class StoreChecks {
    /** After a look in vain, as where a grace has not passed or more is overdue than findings are kept. */
    private static final Duration REST = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(StoreChecks.class);

    private final ControlStore store;
    private final Targets targets;
    private final Checks checks;
    private final ChecksConfig config;
    private final Findings findings;
    private final Clock clock;
    private final OneByOne oneByOne = new OneByOne(LOG);
    private final List<Asked> asked;
    /** When a look has last left a target as it was, by check and target. */
    private final Map<String, Instant> inVain = new ConcurrentHashMap<>();

    /**
     * One of the checks.
     *
     * @param differing statement for targets whose findings differ from what the store knows, given all targets and the check
     * @param facts what the check is told of a target, JSON
     */
    private record Asked(String check, String differing, UnaryOperator<String> facts) {}

    StoreChecks(
            ControlStore store,
            Targets targets,
            Checks checks,
            ChecksConfig config,
            ScheduleFacts schedules,
            NotificationFacts notifications,
            Findings findings,
            Clock clock) {
        this.store = store;
        this.targets = targets;
        this.checks = checks;
        this.config = config;
        this.asked = List.of(
                new Asked("schedule-overdue", "finding_overdue", schedules::of),
                new Asked("notification-dead", "finding_undelivered", notifications::of));
        this.findings = findings;
        this.clock = clock;
    }

    @Scheduled(fixedDelay = "15s")
    void tick() {
        asked.stream().filter(one -> !config.disabled().contains(one.check())).forEach(this::alone);
    }

    /** One that fails, or of which the control store makes too much, keeps no other from being asked. */
    private void alone(Asked one) {
        try {
            oneByOne.alone("check " + one.check(), () -> ask(one));
        } catch (CaretakerException e) {
            LOG.debug("what check {} finds is found later: {}", one.check(), e.getMessage());
        }
    }

    private void ask(Asked one) {
        Instant rested = clock.instant().minus(REST);
        List<String> changed = differing(one).stream()
                .filter(target ->
                        !inVain.getOrDefault(key(one, target), Instant.MIN).isAfter(rested))
                .toList();
        if (changed.isEmpty()) {
            return;
        }
        oneByOne.each(changed, target -> look(one, target));
        changed.forEach(target -> inVain.remove(key(one, target)));
        differing(one).stream()
                .filter(changed::contains)
                .forEach(target -> inVain.put(key(one, target), clock.instant()));
    }

    private static String key(Asked one, String target) {
        return one.check() + " " + target;
    }

    private List<String> differing(Asked one) {
        return store.list(one.differing(), row -> row.getString("target"), Json.write(targets.names()), one.check());
    }

    private void look(Asked one, String name) {
        Target target = targets.get(name);
        Check check = checks.select(name, List.of(one.check()), Map.of()).byId().get(one.check());
        CheckSql.Bound sql = bound(check, one.facts().apply(name));
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Harvest harvest = new Harvest(target, Scope.unread(target), check);
        store.read(connection -> {
            take(connection, sql, harvest);
            return harvest;
        });
        findings.rememberSilently(name, harvest.result(Optional.empty()), now);
    }

    private static CheckSql.Bound bound(Check check, String facts) {
        Map<String, Object> values = new HashMap<>();
        check.thresholds().forEach(threshold -> values.put(threshold.name(), threshold.number()));
        return check.sql()
                .bind(
                        name -> values.getOrDefault(name, facts),
                        macro -> new CheckSql.Bound(
                                Sql.resource(CheckFile.PIECES.get(macro)).text(), List.of()));
    }

    private static void take(Connection connection, CheckSql.Bound sql, Harvest harvest) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql.text())) {
            for (int i = 0; i < sql.values().size(); i++) {
                Object value = sql.values().get(i);
                if (value instanceof String text) {
                    statement.setObject(i + 1, text, Types.OTHER);
                } else {
                    statement.setObject(i + 1, value);
                }
            }
            try (ResultSet rows = statement.executeQuery()) {
                harvest.take(rows);
            }
        }
    }
}
