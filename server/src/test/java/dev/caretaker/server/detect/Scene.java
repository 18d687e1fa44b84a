package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.detect.PolicyFacts.PolicyFact;
import dev.caretaker.server.store.Json;
import dev.caretaker.server.target.Scope;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/** A fresh database into which a test plants something, and the checks to look for it. */
final class Scene {
    private static final SortedMap<String, Check> CHECKS = new Checks(dev.caretaker.server.config.ChecksConfig.DEFAULT)
            .all(Optional.empty())
            .byId();
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Database database;
    private final Target target;
    private final List<PolicyFact> policies = new ArrayList<>();
    private String partitionSets = "[]";
    private String history = "[]";
    private String conversions = "[]";
    private String debts = "[]";
    private String badFiles = "[]";
    private String schedules = "[]";
    private String notifications = "[]";
    private String growth = "{}";
    private String archives = "[]";
    private String backups = "{}";
    private Optional<String> replicaScans = Optional.empty();

    private Scene(Database database) {
        this.database = database;
        this.target = TestTargets.of("app", database);
    }

    static Scene on(TestPostgres server, String... statements) {
        Database database = server.database();
        database.execute(statements);
        return new Scene(database);
    }

    /** A database that is there already. */
    static Scene of(Database database) {
        return new Scene(database);
    }

    /** The same database, looked at as another role. */
    Scene as(Database role) {
        return new Scene(role);
    }

    Scene plant(String... statements) {
        database.execute(statements);
        return this;
    }

    Scene withPolicy(PolicyFact fact) {
        policies.add(fact);
        return this;
    }

    Scene withHistory(String json) {
        history = json;
        return this;
    }

    Scene withDebts(String json) {
        debts = json;
        return this;
    }

    /** What {@link ConfigurationFacts} would tell. */
    Scene withBadFiles(ConfigurationFacts.BadFile... files) {
        badFiles = Json.write(List.of(files));
        return this;
    }

    Scene withSchedules(String json) {
        schedules = json;
        return this;
    }

    /** What {@link NotificationFacts} would tell. */
    Scene withNotifications(String json) {
        notifications = json;
        return this;
    }

    /** What {@link BackupFacts} would tell. */
    Scene withBackups(String json) {
        backups = json;
        return this;
    }

    /** What {@link GrowthFacts} would tell. */
    Scene withGrowth(String json) {
        growth = json;
        return this;
    }

    Scene withReplicaScans(String json) {
        replicaScans = Optional.of(json);
        return this;
    }

    Database database() {
        return database;
    }

    static SortedMap<String, Check> checks() {
        return CHECKS;
    }

    /** Runs a check once. Thresholds are written {@code min_bytes=0}. */
    CheckResult run(String id, String... thresholds) {
        Check check = CHECKS.get(id);
        assertThat(check).as("check %s", id).isNotNull();
        return run(varied(check, thresholds));
    }

    CheckResult run(Check check) {
        return run(check, Optional.empty());
    }

    /** What {@link PartitionSetFacts} would tell. */
    void partitionSets(String json) {
        partitionSets = json;
    }

    /** What {@link KeptArchives} would tell. */
    void archives(String json) {
        archives = json;
    }

    /** What {@link ConversionFacts} would tell. */
    void conversions(String json) {
        conversions = json;
    }

    CheckResult run(Check check, Duration timeout) {
        return run(check, Optional.empty(), timeout);
    }

    CheckResult run(Check check, Optional<String> role) {
        return run(check, role, Duration.ofSeconds(20));
    }

    private CheckResult run(Check check, Optional<String> role, Duration timeout) {
        Feeds feeds = new Feeds(
                () -> policies,
                () -> history,
                () -> replicaScans,
                () -> partitionSets,
                () -> conversions,
                () -> debts,
                () -> badFiles,
                () -> schedules,
                () -> notifications,
                () -> growth,
                () -> archives,
                () -> backups);
        return target.withPrimary(connection -> new CheckRunner(
                        target, Scope.read(connection, target), feeds, timeout, role.map(RunAs.Role::new))
                .run(connection, Surroundings.read(connection), check));
    }

    /** Names of what it found, schema first; waits a while for the server's statistics to arrive. */
    void finds(String id, List<String> thresholds, String... objects) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(objects(id, thresholds)).containsExactlyInAnyOrder(objects));
    }

    void finds(String id, String... objects) {
        finds(id, List.of(), objects);
    }

    /** Finds these, but perhaps also what other tests of the same server left. */
    void findsAmongOthers(String id, List<String> thresholds, String... objects) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(objects(id, thresholds)).contains(objects));
    }

    /** Finds nothing at all, having seen everything. */
    void spares(String id, String... thresholds) {
        CheckResult result = run(id, thresholds);
        assertThat(result.status()).as(result.reason()).isEqualTo(CheckResult.Status.RAN);
        assertThat(result.findings()).isEmpty();
        assertThat(result.unseen()).isZero();
    }

    /** The only finding. */
    RawFinding only(String id, String... thresholds) {
        CheckResult result = run(id, thresholds);
        assertThat(result.status()).as(result.reason()).isEqualTo(CheckResult.Status.RAN);
        assertThat(result.findings()).hasSize(1);
        return result.findings().getFirst();
    }

    /** The finding on one object. */
    RawFinding on(String object, String id, String... thresholds) {
        return run(id, thresholds).findings().stream()
                .filter(finding -> name(finding).equals(object))
                .findFirst()
                .orElseThrow(() -> new AssertionError(id + " found nothing on " + object));
    }

    /** Runs what its findings print, and sees that this mends the problem and makes nothing else worse. */
    void mend(String id, String... thresholds) {
        mend(id, finding -> true, thresholds);
    }

    /** The same, of some of its findings: others may be of other tests, or of the whole server. */
    void mend(String id, Predicate<RawFinding> which, String... thresholds) {
        mend(id, which, () -> {}, thresholds);
    }

    /** @param afterwards what else must happen until the finding goes, such as that counts begin anew */
    void mend(String id, Predicate<RawFinding> which, Runnable afterwards, String... thresholds) {
        new Mending(this, varied(CHECKS.get(id), thresholds)).run(which, afterwards);
    }

    static <T> void eventually(Supplier<T> value, T expected) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(value.get()).isEqualTo(expected));
    }

    private List<String> objects(String id, List<String> thresholds) {
        CheckResult result = run(id, thresholds.toArray(String[]::new));
        assertThat(result.status()).as(result.reason()).isEqualTo(CheckResult.Status.RAN);
        result.findings().forEach(finding -> assertThat(finding.message()).endsWith("."));
        return result.findings().stream().map(Scene::name).toList();
    }

    private static String name(RawFinding finding) {
        return finding.schema().isEmpty() ? finding.object() : finding.schema() + "." + finding.object();
    }

    private static Check varied(Check check, String... thresholds) {
        Check varied = check;
        for (String threshold : thresholds) {
            String[] parts = threshold.split("=", 2);
            assertThat(varied.thresholds()).extracting(Threshold::name).contains(parts[0]);
            varied = varied.with(varied.thresholds().stream()
                    .map(one -> one.name().equals(parts[0]) ? one.with(parts[1]) : one)
                    .toList());
        }
        return varied;
    }

    /** Thresholds by name, for tests that pass them on. */
    static Map<String, String> named(String... thresholds) {
        Map<String, String> map = new java.util.TreeMap<>();
        for (String threshold : thresholds) {
            String[] parts = threshold.split("=", 2);
            map.put(parts[0], parts[1]);
        }
        return map;
    }
}
