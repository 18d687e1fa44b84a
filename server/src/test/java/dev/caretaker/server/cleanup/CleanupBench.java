package dev.caretaker.server.cleanup;

import dev.caretaker.server.cleanup.plan.PlanRequest;
import dev.caretaker.server.cleanup.plan.Plans;
import dev.caretaker.server.cleanup.plan.kept.Plan;
import dev.caretaker.server.cleanup.policy.Cascades;
import dev.caretaker.server.cleanup.policy.Filter;
import dev.caretaker.server.cleanup.policy.Keeping;
import dev.caretaker.server.cleanup.policy.Limits;
import dev.caretaker.server.cleanup.policy.Policies;
import dev.caretaker.server.cleanup.policy.Policy;
import dev.caretaker.server.cleanup.policy.PolicyChange;
import dev.caretaker.server.cleanup.policy.PolicySuggestions;
import dev.caretaker.server.cleanup.policy.Retention;
import dev.caretaker.server.cleanup.policy.StoredPolicy;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.run.Runs;
import dev.caretaker.server.store.Actor;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Targets;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.context.annotation.Requires;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Caretaker without its network side, over a control store and one target named "shop", with a clock that stands. */
public final class CleanupBench implements AutoCloseable {
    public static final Actor ALICE = new Actor("alice", true);
    /** What the clock says unless a test moves it. */
    public static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

    private final ApplicationContext context;
    private final Database control;
    private final Database target;

    private CleanupBench(ApplicationContext context, Database control, Database target) {
        this.context = context;
        this.control = control;
        this.target = target;
    }

    /** Works at the target as the role that {@code target} is seen as. */
    public static CleanupBench start(Database target) {
        return start(target, Map.of());
    }

    /** With more of the server's configuration. */
    public static CleanupBench start(Database target, Map<String, Object> configuration) {
        Database control = TestPostgres.newest().database();
        Map<String, Object> properties = new HashMap<>(configuration);
        properties.put("test.cleanup", "true");
        properties.put("test.target.url", target.url());
        properties.put("test.target.user", target.user());
        properties.put("test.target.password", target.password());
        properties.put("grpc.server.enabled", "false");
        properties.put("datasources.default.url", control.url());
        properties.put("datasources.default.username", control.user());
        properties.put("datasources.default.password", control.password());
        properties.put("datasources.default.driver-class-name", "org.postgresql.Driver");
        properties.put("flyway.datasources.default.enabled", "true");
        properties.put("flyway.datasources.default.default-schema", "caretaker");
        return new CleanupBench(ApplicationContext.run(properties, "test"), control, target);
    }

    @Factory
    @Requires(property = "test.cleanup")
    static final class Beans {
        @Singleton
        @Replaces(Targets.class)
        Targets targets(
                @Value("${test.target.url}") String url,
                @Value("${test.target.user}") String user,
                @Value("${test.target.password}") String password) {
            return new Targets(List.of(
                    TargetConfig.of("shop", url, Credentials.of(user, password)),
                    TargetConfig.of("branch", url, Credentials.of(user, password))));
        }

        @Singleton
        @Replaces(Clock.class)
        StandingClock clock() {
            return new StandingClock();
        }
    }

    /** Moves only when told to. */
    public static final class StandingClock extends Clock {
        private volatile Instant now = NOW;

        public void moveBy(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("the clock stands in UTC");
        }
    }

    public Database target() {
        return target;
    }

    /** The database of the control store. */
    public Database control() {
        return control;
    }

    public Policies policies() {
        return context.getBean(Policies.class);
    }

    public PolicySuggestions suggestions() {
        return context.getBean(PolicySuggestions.class);
    }

    public Plans plans() {
        return context.getBean(Plans.class);
    }

    public Runs runs() {
        return context.getBean(Runs.class);
    }

    public StandingClock clock() {
        return context.getBean(StandingClock.class);
    }

    public StoredPolicy apply(PolicyBuilder policy) {
        return policies()
                .apply(List.of(new PolicyChange(policy.build(), Optional.empty())), ALICE, false)
                .getFirst()
                .policy();
    }

    public Plan plan(PolicyBuilder... builders) {
        return plan(false, false, builders);
    }

    /** Applies the policies and plans them together. */
    public Plan plan(boolean exact, boolean probe, PolicyBuilder... builders) {
        List<String> names = new ArrayList<>();
        for (PolicyBuilder builder : builders) {
            names.add(apply(builder).policy().name());
        }
        return plans().plan(new PlanRequest(
                names, Optional.of("shop"), exact, Optional.empty(), probe, Optional.empty(), ALICE));
    }

    @Override
    public void close() {
        context.close();
    }

    /** A policy: 30 days by a timestamptz column named "at", unless said otherwise. */
    public static PolicyBuilder policy(String name, String table) {
        return new PolicyBuilder(name, table);
    }

    /** Builds policies. */
    public static final class PolicyBuilder {
        private final String name;
        private TableName table;
        private String target = "shop";
        private TimeColumn time = new TimeColumn("at", TimeColumn.Kind.TIMESTAMPTZ, Optional.empty());
        private Retention retention = new Retention.Fixed(Duration.ofDays(30));
        private Optional<Filter> filter = Optional.empty();
        private Cascades cascades = Cascades.NONE;
        private boolean skipPinned;
        private Policy.FollowUp followUp = Policy.FollowUp.AUTO;
        private Limits limits = Limits.NONE;
        private Optional<Keeping> keeping = Optional.empty();

        private PolicyBuilder(String name, String table) {
            this.name = name;
            this.table = new TableName("public", table);
        }

        public PolicyBuilder in(String schema) {
            table = new TableName(schema, table.name());
            return this;
        }

        public PolicyBuilder at(String otherTarget) {
            target = otherTarget;
            return this;
        }

        public PolicyBuilder by(String column, TimeColumn.Kind kind) {
            time = new TimeColumn(column, kind, Optional.empty());
            return this;
        }

        public PolicyBuilder by(String column, TimeColumn.Kind kind, String zone) {
            time = new TimeColumn(column, kind, Optional.of(ZoneId.of(zone)));
            return this;
        }

        public PolicyBuilder days(int days) {
            retention = new Retention.Fixed(Duration.ofDays(days));
            return this;
        }

        public PolicyBuilder where(Filter condition) {
            filter = Optional.of(condition);
            return this;
        }

        public PolicyBuilder allowCascade() {
            cascades = Cascades.ALL;
            return this;
        }

        public PolicyBuilder allowCascadeTo(String... tables) {
            cascades = new Cascades(
                    false,
                    Stream.of(tables).map(name -> new TableName("public", name)).toList());
            return this;
        }

        public PolicyBuilder skipPinned() {
            skipPinned = true;
            return this;
        }

        public PolicyBuilder followUp(Policy.FollowUp wish) {
            followUp = wish;
            return this;
        }

        public PolicyBuilder limits(Limits bounds) {
            limits = bounds;
            return this;
        }

        public PolicyBuilder keeping(Keeping what) {
            keeping = Optional.of(what);
            return this;
        }

        /** In a table of schema public. */
        public PolicyBuilder archivedIn(String pattern) {
            return keeping(new Keeping.Archive(new Keeping.Table(new TableName("public", pattern), false), false));
        }

        public Policy build() {
            Policy policy = new Policy(
                    name, target, table, time, retention, filter, cascades, skipPinned, followUp, limits, "");
            return keeping.map(policy::keeping).orElse(policy);
        }
    }
}
