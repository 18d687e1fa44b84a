package dev.caretaker.server.detect;

import dev.caretaker.server.config.ChecksConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.OneByOne;
import dev.caretaker.server.store.ControlStore;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds by the clock that an expectation of a schedule is broken, and that it is not any more: no detection may run for long, and none can
 * at a target that is away, which is when expectations break. The check asks nothing of a target, so its statement is asked of the
 * control store. Any server does it. That the expectation is broken is told by itself.
 */
@Singleton
final class OverdueSchedules {
    private static final String CHECK = "schedule-overdue";

    /** After a look in vain, as where a grace has not passed or more is overdue than findings are kept. */
    private static final Duration REST = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(OverdueSchedules.class);

    private final ControlStore store;
    private final Targets targets;
    private final Checks checks;
    private final ChecksConfig config;
    private final ScheduleFacts schedules;
    private final Findings findings;
    private final Clock clock;
    private final OneByOne oneByOne = new OneByOne(LOG);
    /** When a look at a target has last left it as it was. */
    private final Map<String, Instant> inVain = new ConcurrentHashMap<>();

    OverdueSchedules(
            ControlStore store,
            Targets targets,
            Checks checks,
            ChecksConfig config,
            ScheduleFacts schedules,
            Findings findings,
            Clock clock) {
        this.store = store;
        this.targets = targets;
        this.checks = checks;
        this.config = config;
        this.schedules = schedules;
        this.findings = findings;
        this.clock = clock;
    }

    @Scheduled(fixedDelay = "15s")
    void tick() {
        if (config.disabled().contains(CHECK)) {
            return;
        }
        try {
            Instant rested = clock.instant().minus(REST);
            List<String> changed = changed().stream()
                    .filter(targets.names()::contains)
                    .filter(target -> !inVain.getOrDefault(target, Instant.MIN).isAfter(rested))
                    .toList();
            if (changed.isEmpty()) {
                return;
            }
            oneByOne.each(changed, this::look);
            changed.forEach(inVain::remove);
            changed().stream().filter(changed::contains).forEach(target -> inVain.put(target, clock.instant()));
        } catch (CaretakerException e) {
            LOG.debug("overdue schedules are found later: {}", e.getMessage());
        }
    }

    private List<String> changed() {
        return store.list("finding_overdue", row -> row.getString("target"), CHECK);
    }

    private void look(String name) {
        Target target = targets.get(name);
        Check check = checks.select(name, List.of(CHECK), Map.of()).byId().get(CHECK);
        CheckSql.Bound sql = bound(check, schedules.of(name));
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
