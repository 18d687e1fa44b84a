package dev.caretaker.server.cleanup.leave;

import dev.caretaker.server.archive.ArchivedColumn;
import dev.caretaker.server.archive.PieceCopy;
import dev.caretaker.server.archive.RowHashing;
import dev.caretaker.server.archive.format.Format;
import dev.caretaker.server.cleanup.policy.TimeColumn;
import dev.caretaker.server.cleanup.step.RowTime;
import dev.caretaker.server.cleanup.step.SqlFragment;
import dev.caretaker.server.target.Identifiers;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a statement returns of each row {@code t} that leaves into a spool.
 *
 * @param columns those that are kept
 */
record ReturnedRow(Keeper.Store keeper, List<ArchivedColumn> columns, RowHashing hashing, Format format) {

    /** @param oid expression for the relation that the row lay in */
    SqlFragment from(String oid) {
        return told(oid).then(", ", SqlFragment.of(format.expressions(columns)));
    }

    /** What {@link dev.caretaker.server.archive.PieceSum} reads in front. */
    private SqlFragment told(String oid) {
        Optional<SqlFragment> time =
                keeper.time().map(column -> RowTime.of(column, "t." + Identifiers.quote(column.name())));
        String moment = time.map(SqlFragment::text).map(PieceCopy::moment).orElse(PieceCopy.noTime());
        return new SqlFragment(
                PieceCopy.numbers(hashing.expression("t"), moment, oid),
                time.map(SqlFragment::parameters).orElse(List.of()));
    }

    /** What has to be at hand for it: the columns, and what dates a row, whether that is kept or not. */
    static List<String> needed(Keeper.Store keeper) {
        return Stream.concat(keeper.columns().stream(), keeper.time().map(TimeColumn::name).stream())
                .distinct()
                .toList();
    }
}
