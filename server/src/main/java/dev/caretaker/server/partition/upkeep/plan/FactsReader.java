package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.grid.KeyRange;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.table.Member;
import dev.caretaker.server.partition.upkeep.table.TableReader;
import dev.caretaker.server.partition.upkeep.table.TableState;
import dev.caretaker.server.store.RetiredRow;
import dev.caretaker.server.store.TableName;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import dev.caretaker.server.target.Target;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads what the upkeep of sets is planned from: two queries for all of them, and more only where rows must be looked at. */
final class FactsReader {
    private final Target target;
    private final Connection connection;
    private final Instant now;
    private final boolean intoDefaults;

    FactsReader(Target target, Connection connection, Instant now) {
        this(target, connection, now, true);
    }

    private FactsReader(Target target, Connection connection, Instant now, boolean intoDefaults) {
        this.target = target;
        this.connection = connection;
        this.now = now;
        this.intoDefaults = intoDefaults;
    }

    /** One that does not look into default partitions, which may take long. */
    static FactsReader atAGlance(Target target, Connection connection, Instant now) {
        return new FactsReader(target, connection, now, false);
    }

    /** In the order given. */
    List<SetFacts> read(Collection<PartitionSet> sets, List<RetiredRow> retired) throws SQLException {
        long systemId = Sql.of("SELECT system_identifier FROM pg_catalog.pg_control_system()")
                .one(connection, row -> row.getLong(1));
        Map<TableName, TableState> tables = TableReader.read(
                connection, sets.stream().map(PartitionSet::table).toList(), target.actsAsOwner());
        List<SetFacts> facts = new ArrayList<>();
        for (PartitionSet set : sets) {
            Optional<TableState> table = Optional.ofNullable(tables.get(set.table()));
            List<RetiredRow> own = retired.stream()
                    .filter(row -> row.setName().equals(set.name()) && row.systemId() == systemId)
                    .toList();
            SetFacts nothing = new SetFacts(
                    set, table, Optional.empty(), Optional.empty(), Optional.empty(), Set.of(), own, systemId, now);
            boolean fits =
                    table.filter(state -> Fit.objection(set, state).isEmpty()).isPresent();
            facts.add(fits ? looked(nothing, table.get()) : nothing);
        }
        return withTaken(facts);
    }

    /** What only rows tell. Where they cannot be read, that is told, and no other set waits for it. */
    private SetFacts looked(SetFacts facts, TableState table) throws SQLException {
        try {
            return table.mayAct()
                    ? target.asOwner(connection, table.name(), owned -> look(facts, table))
                    : look(facts, table);
        } catch (SQLException e) {
            if (PostgresErrors.isConnectionLoss(e)) {
                throw e;
            }
            return facts.unread(PostgresErrors.whole(e));
        }
    }

    private SetFacts look(SetFacts facts, TableState table) throws SQLException {
        return facts.looked(KeysInUse.position(connection, facts.set(), table, now), defaultRows(facts.set(), table));
    }

    /** Which of the names that new partitions would get are taken: asked once for all sets. */
    private List<SetFacts> withTaken(List<SetFacts> facts) throws SQLException {
        List<TableName> names =
                facts.stream().flatMap(UpkeepPlanner::newNames).distinct().toList();
        Set<TableName> taken = names.isEmpty()
                ? Set.of()
                : new HashSet<>(Sql.resource(
                                "partition/upkeep_taken",
                                connection.createArrayOf(
                                        "text",
                                        names.stream().map(TableName::schema).toArray()),
                                connection.createArrayOf(
                                        "text",
                                        names.stream().map(TableName::name).toArray()))
                        .list(connection, row -> new TableName(row.getString(1), row.getString(2))));
        return facts.stream().map(fact -> fact.taken(taken)).toList();
    }

    private Optional<DefaultRows> defaultRows(PartitionSet set, TableState table) throws SQLException {
        Optional<Member> partition =
                table.defaultPartition().filter(member -> member.bytes() > 0 && member.kind() == Member.Kind.TABLE);
        if (partition.isEmpty() || !intoDefaults) {
            return Optional.empty();
        }
        List<KeyRange> gaps = Gaps.between(ranges(set, table).collect(Collectors.toList()));
        DefaultRows rows = new DefaultCount(connection, set, table, partition.get(), BriefRead.LONGEST).read(gaps, now);
        return Optional.of(rows).filter(known -> !known.isKnown() || known.total() > 0);
    }

    /** Ranges of all partitions, those being detached among them: their place is not free yet. */
    static Stream<KeyRange> ranges(PartitionSet set, TableState table) {
        return table.members().stream().flatMap(member -> member.range(set.key()).stream());
    }

    /** The lowest position that anybody means: epoch 0 and year 1 are defaults that somebody forgot to set. */
    static KeyPoint plausibleFrom(PartitionSet set) {
        return set.key().isTime() ? KeyPoint.at(set.position(Instant.parse("1971-01-01T00:00:00Z"))) : KeyPoint.LOWEST;
    }

    /** The position above which nobody means a key now: a line after all that is to be ahead. */
    static KeyPoint plausibleTo(PartitionSet set, Instant now) {
        if (!set.key().isTime()) {
            return KeyPoint.HIGHEST;
        }
        BigInteger line = set.lines().next(set.position(now.plus(set.ahead().duration())));
        for (int i = 0; i < set.ahead().partitions(); i++) {
            line = set.lines().next(line);
        }
        return KeyPoint.at(line);
    }
}
