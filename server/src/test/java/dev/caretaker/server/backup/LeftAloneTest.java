package dev.caretaker.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.store.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeftAloneTest {
    private static final Set<MadeObject> THERE = Set.of(
            made("function", "shop", "twice(n integer)"),
            made("function", "Odd.One", "say \"it\"(IN a text, OUT b text)"),
            made("enum", "shop", "mood"),
            made("domain", "shop", "price"),
            made("composite type", "shop", "pair"),
            made("sequence", "shop", "numbers"));

    private static MadeObject made(String kind, String schema, String name) {
        return new MadeObject(
                kind, new TableName(schema, name), Optional.empty(), MadeObject.Phase.BEFORE_ROWS, List.of(), "");
    }

    private static MadeObject said(String kind, String statement) {
        return new MadeObject(
                kind, new TableName("shop", "x"), Optional.empty(), MadeObject.Phase.RIGHTS, List.of(statement), "");
    }

    private static Occupied with(Set<String> schemas, boolean table) {
        return new Occupied(
                "target",
                table ? Map.of(new TableName("other", "t"), "table") : Map.of(),
                schemas,
                List.of(),
                List.of(),
                Map.of());
    }

    private static boolean isLeftAlone(MadeObject object) {
        return new LeftAlone(with(Set.of("shop", "public"), true))
                .without(THERE, List.of(object))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "owner|ALTER FUNCTION shop.twice(n integer) OWNER TO ann",
                "grants|REVOKE ALL ON FUNCTION shop.twice(n integer) FROM PUBLIC",
                "grants|GRANT EXECUTE ON FUNCTION shop.twice(n integer) TO \"Ann\" WITH GRANT OPTION",
                "comment|COMMENT ON FUNCTION shop.twice(n integer) IS 'doubles; is what '' it TO (does)'",
                "owner|ALTER FUNCTION \"Odd.One\".\"say \"\"it\"\"\"(IN a text, OUT b text) OWNER TO ann",
                "owner|ALTER TYPE shop.mood OWNER TO ann",
                "grants|GRANT USAGE ON TYPE shop.price TO ann",
                "comment|COMMENT ON CONSTRAINT \"price check\" ON DOMAIN shop.price IS 'not negative'",
                "comment|COMMENT ON COLUMN shop.pair.one IS 'first'",
                "owner|ALTER SEQUENCE shop.numbers OWNER TO ann",
                "grants|GRANT SELECT, USAGE ON SEQUENCE shop.numbers TO PUBLIC",
                "owner|ALTER SCHEMA shop OWNER TO ann",
                "grants|GRANT CREATE, USAGE ON SCHEMA public TO ann",
                "comment|COMMENT ON SCHEMA shop IS 'all of it'"
            })
    void what_is_said_of_something_that_was_there_is_left_out(String kind, String statement) {
        assertThat(isLeftAlone(said(kind, statement))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "owner|ALTER FUNCTION shop.twice(n bigint) OWNER TO ann",
                "owner|ALTER FUNCTION shop.numbers() OWNER TO ann",
                "owner|ALTER TABLE shop.mood OWNER TO ann",
                "grants|GRANT SELECT ON TABLE shop.numbers TO ann",
                "comment|COMMENT ON COLUMN shop.customer.mood IS 'today'",
                "comment|COMMENT ON TABLE shop.customer IS 'see ON TYPE shop.mood IS '",
                "owner|ALTER SEQUENCE shop.others OWNER TO ann",
                "owner|ALTER SCHEMA other OWNER TO ann",
                "index|COMMENT ON SCHEMA shop IS 'no comment'"
            })
    void what_is_said_of_something_else_is_made(String kind, String statement) {
        assertThat(isLeftAlone(said(kind, statement))).isFalse();
    }

    @Test
    void a_check_is_added_to_no_domain_that_was_there() {
        assertThat(isLeftAlone(made("domain check", "shop", "price positive"))).isTrue();
        assertThat(isLeftAlone(made("domain check", "shop", "weight positive"))).isFalse();
    }

    @Test
    void schemas_of_an_empty_database_were_made_for_what_is_restored() {
        MadeObject owner = said("owner", "ALTER SCHEMA shop OWNER TO ann");
        LeftAlone nothing = new LeftAlone(with(Set.of("shop", "public"), false));
        assertThat(nothing.without(Set.of(), List.of(owner))).containsExactly(owner);
        assertThat(nothing.notes()).isEmpty();

        LeftAlone some = new LeftAlone(with(Set.of("shop", "public"), true));
        assertThat(some.without(Set.of(), List.of(owner))).isEmpty();
        assertThat(some.notes())
                .containsExactly("Schema shop is there already, and keeps its owner, grants and comment.");
    }
}
