package dev.caretaker.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What lacks is excused by what could not be made only where one names the other. */
class AbsenceTest {
    private static final TableName TABLE = new TableName("shop", "order");

    private static MadeObject object(String kind, String name, boolean ofTable) {
        return new MadeObject(
                kind,
                new TableName("shop", name),
                ofTable ? Optional.of(TABLE) : Optional.empty(),
                MadeObject.Phase.AFTER_ROWS,
                List.of(),
                "");
    }

    private static Absence absence(MadeObject object, MadeObject... others) {
        return Absence.of(
                "It is missing.",
                object,
                1,
                Stream.concat(Stream.of(object), Stream.of(others)).toList());
    }

    private static Unmade unmade(MadeObject object) {
        return new Unmade("It could not be made.", Unmade.Why.REFUSED, Absence.key(object));
    }

    private static boolean isExplained(Absence absence, Unmade... missing) {
        return Absence.explained(List.of(absence), List.of(missing)).test(absence);
    }

    /** The same where the other one lacks, too. */
    private static boolean isExplainedWith(Absence other, Absence absence, Unmade... missing) {
        return Absence.explained(List.of(absence, other), List.of(missing)).test(absence);
    }

    @Test
    void an_absence_is_explained_by_the_object_itself_and_by_its_table_and_by_nothing_else() {
        MadeObject table = object("table", "order", true);
        MadeObject index = object("index", "order_at", true);
        assertThat(isExplained(absence(index))).isFalse();
        assertThat(isExplained(absence(index), unmade(index))).isTrue();
        assertThat(isExplainedWith(absence(table), absence(index), unmade(table)))
                .isTrue();
        assertThat(isExplained(absence(index), unmade(table)))
                .as("of a table that is there")
                .isFalse();
        assertThat(isExplained(absence(index), unmade(object("index", "order_by", true))))
                .isFalse();
        assertThat(isExplained(absence(table), unmade(index))).isFalse();
        assertThat(isExplained(absence(table), new Unmade("Role pg_x could not be made.", Unmade.Why.REFUSED, "")))
                .isFalse();
    }

    @Test
    void a_sequence_is_explained_by_itself_and_by_the_table_whose_column_it_fills() {
        Absence sequence = new Absence(
                "Sequence shop.order_id_seq is missing.",
                Absence.sequence(new TableName("shop", "order_id_seq")),
                1,
                Absence.tables(TABLE));
        assertThat(isExplained(sequence)).isFalse();
        MadeObject table = object("table", "order", true);
        assertThat(isExplainedWith(absence(table), sequence, unmade(table))).isTrue();
        assertThat(isExplained(sequence, unmade(table))).isFalse();
        assertThat(isExplained(sequence, unmade(object("sequence", "order_id_seq", true))))
                .isTrue();
        assertThat(isExplained(sequence, unmade(object("sequence", "other", false))))
                .isFalse();
    }

    @Test
    void what_is_known_by_number_is_explained_by_as_many() {
        MadeObject one = object("function", "twice(n integer)", false);
        MadeObject two = object("function", "twice(n text)", false);
        List<Absence> both = List.of(absence(one), absence(two));
        assertThat(both).allMatch(Absence.explained(both, List.of(unmade(one), unmade(two))));
        assertThat(both).noneMatch(Absence.explained(both, List.of(unmade(one))));
        Absence triggers = new Absence("Missing: 2 of 3 event triggers.", "event triggers", 2, Set.of());
        Unmade trigger = new Unmade("Event trigger a could not be made.", Unmade.Why.REFUSED, "event triggers");
        assertThat(isExplained(triggers, trigger)).isFalse();
        assertThat(isExplained(triggers, trigger, trigger)).isTrue();
    }

    @Test
    void names_with_dots_and_blanks_are_told_from_each_other() {
        assertThat(Absence.key(named("a.b", "c"))).isNotEqualTo(Absence.key(named("a", "b.c")));
        assertThat(Absence.sequence(new TableName("a b", "c")))
                .isNotEqualTo(Absence.sequence(new TableName("a", "b c")));
    }

    private static MadeObject named(String schema, String name) {
        return new MadeObject(
                "table", new TableName(schema, name), Optional.empty(), MadeObject.Phase.BEFORE_ROWS, List.of(), "");
    }

    @Test
    void a_materialized_view_that_could_not_be_refreshed_is_told_by_that() {
        MadeObject refresh = object("refresh", "order", true);
        MadeObject view = object("materialized view", "order", true);
        assertThat(isExplained(absence(refresh))).isFalse();
        assertThat(isExplained(absence(refresh), unmade(refresh))).isTrue();
        assertThat(isExplainedWith(absence(view), absence(refresh), unmade(view)))
                .isTrue();
    }

    @Test
    void parts_of_an_object_lack_with_it() {
        MadeObject trigger = object("trigger", "audit", true);
        MadeObject key = object("primary key", "order_pkey", true);
        assertThat(isExplainedWith(
                        absence(trigger), absence(object("trigger state", "audit", true), trigger), unmade(trigger)))
                .isTrue();
        assertThat(isExplainedWith(absence(key), absence(object("replica identity", "order", true), key), unmade(key)))
                .isTrue();
        assertThat(isExplained(absence(object("trigger state", "audit", true), trigger), unmade(key)))
                .isFalse();
    }
}
