package dev.caretaker.server.partition.upkeep.verify;

import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import dev.caretaker.server.partition.upkeep.grid.KeyEncoding;
import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import dev.caretaker.server.partition.upkeep.plan.Fit;
import dev.caretaker.server.partition.upkeep.plan.KeysInUse;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.set.PartitionSets;
import dev.caretaker.server.partition.upkeep.set.StoredSet;
import dev.caretaker.server.partition.upkeep.table.Member;
import dev.caretaker.server.partition.upkeep.table.TableReader;
import dev.caretaker.server.partition.upkeep.table.TableState;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.MissingTable;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import jakarta.inject.Singleton;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Looks whether a table is partitioned as one would expect. Changes nothing. */
@Singleton
public final class Verification {
    private static final int MOST_NAMED = 5;
    private static final int KEYS_LOOKED_AT = 10_000;

    private final PartitionSets sets;
    private final Targets targets;
    private final Clock clock;

    Verification(PartitionSets sets, Targets targets, Clock clock) {
        this.sets = sets;
        this.targets = targets;
        this.clock = clock;
    }

    /** Fails with TARGET_NOT_FOUND, INVALID_FIELD for a table that is not there. */
    public List<Verified> verify(String targetName, TableName name) {
        Target target = targets.get(targetName);
        if (!target.inScope(name.schema())) {
            throw CaretakerException.invalid(
                    "table.schema", "schema \"" + name.schema() + "\" is not one that Caretaker may touch");
        }
        Optional<TableState> table = Optional.ofNullable(
                target.withPrimary(connection -> TableReader.read(connection, List.of(name), target.actsAsOwner()))
                        .get(name));
        if (table.isEmpty()) {
            throw CaretakerException.invalid("table.name", MissingTable.clause(target, name));
        }
        if (table.get().partitioned().isEmpty()) {
            return List.of(Verified.failed("partitioned", name + " is not partitioned."));
        }
        Optional<PartitionSet> set = set(targetName, table.get());
        return target.withPrimary(connection -> table.get().mayAct()
                ? target.asOwner(connection, name, owned -> verify(owned, table.get(), set))
                : verify(connection, table.get(), set));
    }

    private Optional<PartitionSet> set(String target, TableState table) {
        Optional<PartitionSet> stored = sets.ofTarget(target).stream()
                .map(StoredSet::set)
                .filter(set -> set.table().equals(table.name()))
                .findFirst();
        try {
            return stored.isPresent()
                    ? stored
                    : Optional.of(
                            sets.suggest(target, table.name(), Optional.empty()).set());
        } catch (CaretakerException e) {
            if (e.reason() == Reason.INVALID_FIELD) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private List<Verified> verify(Connection connection, TableState table, Optional<PartitionSet> set)
            throws SQLException {
        List<Verified> checks = new ArrayList<>();
        checks.add(Verified.passed(
                "partitioned",
                table.name() + " is partitioned by " + table.partitioned().orElseThrow()
                        + table.keyColumn().map(key -> " of " + key).orElse("") + " into "
                        + table.members().size() + " partitions."));
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Optional<BigInteger> at =
                set.isPresent() && Fit.objection(set.get(), table).isEmpty()
                        ? KeysInUse.position(connection, set.get(), table, now)
                        : Optional.empty();
        if (at.isPresent()) {
            checks.addAll(new CoverageCheck(set.get(), table, at.get(), now).checks());
        } else {
            checks.add(Verified.skipped(
                    "covered-now",
                    set.isPresent()
                            ? "No key is in use yet, so that it cannot be told which is next."
                            : "Its partitions follow no grid that could be told."));
        }
        checks.add(emptyDefault(connection, table));
        if (at.isPresent()) {
            checks.addAll(new Trial(connection, table, set.get(), at.get()).checks());
        }
        if (set.isPresent() && set.get().key() == KeyEncoding.UUID_V7) {
            checks.add(versions(connection, table));
        }
        checks.addAll(everywhere(connection, table));
        checks.add(pending(table));
        return checks;
    }

    private static Verified emptyDefault(Connection connection, TableState table) throws SQLException {
        Optional<Member> partition = table.defaultPartition().filter(member -> member.kind() == Member.Kind.TABLE);
        if (partition.isEmpty()) {
            return Verified.passed("default-empty", "There is no default partition that holds rows.");
        }
        boolean holds = Sql.of("SELECT EXISTS (SELECT FROM ONLY "
                        + Identifiers.quote(partition.get().name()) + ")")
                .one(connection, row -> row.getBoolean(1));
        return Verified.of(
                "default-empty",
                !holds,
                "Default partition " + partition.get().name() + (holds ? " holds rows." : " is empty."));
    }

    /** Indexes and foreign keys of the table that a partition lacks. */
    private static List<Verified> everywhere(Connection connection, TableState table) throws SQLException {
        record Lack(String kind, String what) {}
        List<Lack> lacks = Sql.resource("partition/upkeep_lacks", table.oid(), table.oid())
                .list(
                        connection,
                        row -> new Lack(
                                row.getString("kind"),
                                row.getString("name") + " on "
                                        + new TableName(row.getString("schema_name"), row.getString("table_name"))));
        List<Verified> checks = new ArrayList<>();
        for (String kind : List.of("indexes", "constraints")) {
            List<String> missing = lacks.stream()
                    .filter(lack -> lack.kind().equals(kind))
                    .map(Lack::what)
                    .toList();
            checks.add(Verified.of(
                    kind,
                    missing.isEmpty(),
                    missing.isEmpty()
                            ? "All " + kind + " of the table are on every partition."
                            : "Missing or invalid: " + named(missing) + "."));
        }
        return checks;
    }

    private static String named(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(names.size(), MOST_NAMED)));
        return names.size() > MOST_NAMED ? first + " and " + (names.size() - MOST_NAMED) + " more" : first;
    }

    /** Uuids of other versions lie anywhere: they are in partitions of times that they know nothing of. */
    private static Verified versions(Connection connection, TableState table) throws SQLException {
        String key = Identifiers.quote(table.keyColumn().orElseThrow());
        record Count(long looked, long others) {}
        Count count = Sql.of("SELECT count(*), count(*) FILTER (WHERE pg_catalog.get_byte(pg_catalog.uuid_send(looked."
                        + key
                        + "), 6) OPERATOR(pg_catalog./) 16 OPERATOR(pg_catalog.<>) 7) FROM (SELECT " + key + " FROM "
                        + Identifiers.quote(table.name()) + " WHERE " + key + " IS NOT NULL LIMIT " + KEYS_LOOKED_AT
                        + ") looked")
                .one(connection, row -> new Count(row.getLong(1), row.getLong(2)));
        return Verified.of(
                "uuid-versions",
                count.others() == 0,
                count.others() == 0
                        ? "All of the " + count.looked() + " keys that were looked at are of version 7."
                        : count.others() + " of the " + count.looked()
                                + " keys that were looked at are not of version 7: they lie in partitions of times that are"
                                + " not theirs.");
    }

    private static Verified pending(TableState table) {
        List<String> pending = table.members().stream()
                .filter(Member::detaching)
                .map(member -> member.name().toString())
                .toList();
        return Verified.of(
                "no-pending-detach",
                pending.isEmpty(),
                pending.isEmpty() ? "No detach is pending." : "Half detached: " + named(pending) + ".");
    }

    /** Whether rows of now (or with the highest key), and later ones, find a partition. */
    private record CoverageCheck(PartitionSet set, TableState table, BigInteger position, Instant now) {
        List<Verified> checks() {
            List<KeyRange> ranges = table.members().stream()
                    .filter(member -> !member.detaching())
                    .flatMap(member -> member.range(set.key()).stream())
                    .sorted(Comparator.comparing(KeyRange::from))
                    .toList();
            Optional<KeyRange> current =
                    ranges.stream().filter(range -> range.contains(position)).findFirst();
            String what = set.key().isTime() ? "now" : "the highest key, " + position;
            Verified covered = Verified.of(
                    "covered-now",
                    current.isPresent(),
                    (current.isPresent() ? "A partition covers " : "No partition covers ") + what + ".");
            return current.map(range -> List.of(covered, ahead(ranges, range))).orElse(List.of(covered));
        }

        /** Where what is to be covered ahead ends; for integers only the number of partitions is told. */
        private KeyPoint wantedUntil() {
            return KeyPoint.at(
                    set.key().isTime() ? set.position(now.plus(set.ahead().duration())) : position);
        }

        private Verified ahead(List<KeyRange> ranges, KeyRange current) {
            KeyPoint end = current.to();
            int partitions = 0;
            for (KeyRange range : ranges) {
                if (range.from().equals(end)) {
                    end = range.to();
                    partitions++;
                }
            }
            boolean enough = !end.isFinite()
                    || partitions >= set.ahead().partitions() && wantedUntil().isNotAfter(end);
            return Verified.of(
                    "covered-ahead",
                    enough,
                    (partitions == 1 ? "1 partition follows" : partitions + " partitions follow") + " without a gap"
                            + (end.isFinite() ? ", until " + set.show(end.position()) : "") + "; "
                            + set.ahead().partitions()
                            + (set.ahead().partitions() == 1 ? " is wanted" : " are wanted")
                            + (wantedUntil().equals(KeyPoint.at(position))
                                    ? "."
                                    : ", until " + set.show(wantedUntil().position()) + "."));
        }
    }
}
