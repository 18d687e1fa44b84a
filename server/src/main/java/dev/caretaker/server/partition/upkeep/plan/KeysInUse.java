package dev.caretaker.server.partition.upkeep.plan;

import dev.caretaker.server.partition.upkeep.grid.KeyPoint;
import dev.caretaker.server.partition.upkeep.set.PartitionSet;
import dev.caretaker.server.partition.upkeep.table.Member;
import dev.caretaker.server.partition.upkeep.table.TableState;
import dev.caretaker.server.target.Identifiers;
import dev.caretaker.server.target.PostgresErrors;
import dev.caretaker.server.target.Sql;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
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
        return table.sequence().isPresent() ? table.sequence() : highest(connection, set, table);
    }

    private static Optional<BigInteger> highest(Connection connection, PartitionSet set, TableState table)
            throws SQLException {
        String key = Identifiers.quote(table.keyColumn().orElseThrow());
        List<Member> downwards = downwards(set, table);
        try {
            return BriefRead.of(connection, () -> {
                for (Member member : downwards) {
                    Optional<BigInteger> highest = highest(connection, member, key);
                    if (highest.isPresent()) {
                        return highest;
                    }
                }
                return Optional.empty();
            });
        } catch (SQLException e) {
            requireLocked(e);
            return besideLocks(connection, set, downwards, key);
        }
    }

    /** Partitions other than the default one, so that one absurd key leads nowhere, the uppermost first. */
    private static List<Member> downwards(PartitionSet set, TableState table) {
        return table.members().stream()
                .filter(member -> !member.detaching() && member.kind() != Member.Kind.FOREIGN_TABLE)
                .filter(member -> member.range(set.key()).isPresent())
                .sorted(Comparator.comparing((Member member) ->
                                member.range(set.key()).orElseThrow().from())
                        .reversed())
                .toList();
    }

    /** Each on its own: what somebody holds exclusively keeps no other from being looked at. */
    private static Optional<BigInteger> besideLocks(
            Connection connection, PartitionSet set, List<Member> downwards, String key) throws SQLException {
        for (Member member : downwards) {
            Optional<BigInteger> highest;
            try {
                highest = BriefRead.of(connection, () -> highest(connection, member, key));
            } catch (SQLException e) {
                requireLocked(e);
                highest = least(set, member);
            }
            if (highest.isPresent()) {
                return highest;
            }
        }
        return Optional.empty();
    }

    /** The least key that a partition may have that cannot be looked at; empty if nothing was ever written to it. */
    private static Optional<BigInteger> least(PartitionSet set, Member member) {
        KeyPoint from = member.range(set.key()).orElseThrow().from();
        boolean used = member.bytes() > 0 || member.inserted() > 0;
        return used && from.isFinite() ? Optional.of(from.position()) : Optional.empty();
    }

    private static Optional<BigInteger> highest(Connection connection, Member member, String key) throws SQLException {
        return Sql.of("SELECT " + key + "::pg_catalog.text FROM " + Identifiers.quote(member.name()) + " ORDER BY "
                        + key + " DESC LIMIT 1")
                .first(connection, row -> row.getString(1))
                .flatMap(KeysInUse::whole);
    }

    /** Keys of type numeric may have fractions; NaN and the infinities are no place on a grid. */
    private static Optional<BigInteger> whole(String key) {
        return key.equals("NaN") || key.endsWith("Infinity")
                ? Optional.empty()
                : Optional.of(
                        new BigDecimal(key).setScale(0, RoundingMode.FLOOR).toBigInteger());
    }

    private static void requireLocked(SQLException error) throws SQLException {
        if (!PostgresErrors.LOCK_NOT_AVAILABLE.equals(error.getSQLState())) {
            throw error;
        }
    }
}
