package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.table.Member;
import dev.caretaker.server.partition.upkeep.table.TableState;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.Sql;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Where a table stands on its grid. */
public final class KeysInUse {

    private KeysInUse() {}

    /** That of now for times; for integers the highest key in use, empty if none is. */
    public static Optional<BigInteger> position(Connection connection, PartitionSet set, TableState table, Instant now)
            throws SQLException {
        if (set.key().isTime()) {
            return Optional.of(set.position(now));
        }
        return table.sequence().isPresent()
                ? table.sequence()
                : BriefRead.of(connection, () -> highest(connection, set, table));
    }

    /** Of partitions other than the default one, so that one absurd key leads nowhere. */
    private static Optional<BigInteger> highest(Connection connection, PartitionSet set, TableState table)
            throws SQLException {
        List<Member> downwards = table.members().stream()
                .filter(member -> !member.detaching() && member.kind() != Member.Kind.FOREIGN_TABLE)
                .filter(member -> member.range(set.key()).isPresent())
                .sorted(Comparator.comparing((Member member) ->
                                member.range(set.key()).orElseThrow().from())
                        .reversed())
                .toList();
        String key = Identifiers.quote(table.keyColumn().orElseThrow());
        for (Member member : downwards) {
            Optional<BigInteger> highest = Sql.of("SELECT " + key + "::pg_catalog.text FROM "
                            + Identifiers.quote(member.name()) + " ORDER BY " + key + " DESC LIMIT 1")
                    .first(connection, row -> new BigInteger(row.getString(1)));
            if (highest.isPresent()) {
                return highest;
            }
        }
        return Optional.empty();
    }
}
