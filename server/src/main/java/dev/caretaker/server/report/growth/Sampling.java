package dev.caretaker.server.report.growth;

import dev.caretaker.server.cleanup.policy.Policies;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.StoredPolicy;
import dev.caretaker.server.config.GrowthConfig;
import dev.caretaker.server.report.BoundedRead;
import dev.caretaker.server.report.growth.GrowthSample.Content;
import dev.caretaker.server.report.growth.GrowthSample.PolicyRows;
import dev.caretaker.server.store.Measurement;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Looks at a target for a sample, in read-only transactions that are bounded in time and wait for no lock. */
@Singleton
final class Sampling {
    private static final Duration CATALOG_TIMEOUT = Duration.ofSeconds(60);

    private final Targets targets;
    private final Policies policies;
    private final GrowthConfig config;

    Sampling(Targets targets, Policies policies, GrowthConfig config) {
        this.targets = targets;
        this.policies = policies;
        this.config = config;
    }

    /**
     * What was seen.
     *
     * @param figures those of it that are measurements
     */
    record Seen(Content content, List<Measurement> figures) {}

    /**
     * What is to be seen now.
     *
     * @throws dev.caretaker.server.error.CaretakerException what opening a connection may bring; STATEMENT_FAILED if the catalog
     *     cannot be read in time; CONTROL_STORE_UNREACHABLE
     */
    Seen look(String name, Instant now) {
        Target target = targets.get(name);
        List<Policy> all =
                policies.ofTarget(name).stream().map(StoredPolicy::policy).toList();
        List<PolicyRows> rows = new PolicyCounts(target, config.countTimeout(), now).of(all);
        boolean wholeServer = config.limits(name).diskBytes().isPresent();
        TableSizes sizes = new TableSizes(target.schemas(), config.tables(), wholeServer);
        Content content = target.withPrimary(
                connection -> BoundedRead.within(connection, CATALOG_TIMEOUT, () -> sizes.read(connection, rows)));
        return new Seen(content, new PolicyFigures(name, all, now).of(rows));
    }
}
