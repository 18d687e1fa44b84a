package dev.caretaker.server.backup.dump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.backup.Copied;
import dev.caretaker.server.backup.CopiedSequence;
import dev.caretaker.server.backup.MadeObject;
import dev.caretaker.server.store.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryKeysTest {
    private static final TableName TABLE = new TableName("shop", "order");

    private static MadeObject object(String kind, String schema, String name, boolean ofTable, String role) {
        return new MadeObject(
                kind,
                new TableName(schema, name),
                ofTable ? Optional.of(TABLE) : Optional.empty(),
                MadeObject.Phase.BEFORE_ROWS,
                List.of(),
                role);
    }

    private static final Copied COPIED = new Copied(
            new Copied.Source(1, 2, "shop", "15.2", 15, "UTF8", "C", Optional.empty()),
            Instant.EPOCH,
            List.of(
                    object("table", "shop", "order", true, ""),
                    object("table", "shop", "a b", false, ""),
                    object("refresh", "shop", "totals", false, ""),
                    object("table", "shop x", "y", false, ""),
                    object("table", "shop", "x y", false, ""),
                    object("index", "shop", "order_at", true, ""),
                    object("primary key", "shop", "order_pkey", true, ""),
                    object("foreign key", "shop", "order_customer", true, ""),
                    object("trigger", "shop", "audit", true, ""),
                    object("function", "shop", "twice(n integer)", false, ""),
                    object("extension", "ext", "postgis", false, ""),
                    object("comment", "shop", "order.", true, ""),
                    object("enum", "shop", "mood", false, ""),
                    object("domain check", "shop", "small later", false, ""),
                    object("access method", "", "heap_too", false, ""),
                    object("owner", "shop", "order", true, "Odd owner")),
            List.of(),
            List.of(new CopiedSequence(
                    new TableName("shop", "order_id_seq"), 1, true, 1, Optional.of(TABLE), "id", Optional.empty())),
            List.of(),
            List.of(),
            Map.of(),
            Optional.empty(),
            List.of());

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1; 1259 7 TABLE shop order Odd owner               | table "shop"."order"
            1; 1259 7 TABLE shop a b Odd owner                 | table "shop"."a b"
            1; 1259 7 TABLE shop a Odd owner                   | ''
            1; 1259 7 TABLE shop order nobody                  | ''
            1; 1259 7 TABLE shop x y Odd owner                 | ''
            1; 0 7 MATERIALIZED VIEW DATA shop totals Odd owner | refresh "shop"."totals"
            1; 0 7 TABLE DATA shop order Odd owner             | ''
            1; 1259 7 INDEX shop order_at Odd owner            | index "shop"."order_at" of "shop"."order"
            1; 2606 7 CONSTRAINT shop order order_pkey Odd owner | primary key "shop"."order_pkey" of "shop"."order"
            1; 2606 7 FK CONSTRAINT shop order order_customer Odd owner | foreign key "shop"."order_customer" of "shop"."order"
            1; 2620 7 TRIGGER shop order audit Odd owner       | trigger "shop"."audit" of "shop"."order"
            1; 1255 7 FUNCTION shop twice(integer) Odd owner   | function "shop"."twice"
            1; 1255 7 AGGREGATE shop twice(integer) Odd owner  | aggregates
            1; 1259 7 SEQUENCE shop order_id_seq Odd owner     | sequence "shop"."order_id_seq"
            1; 0 0 COMMENT shop TABLE "order" Odd owner        | comment "shop"
            1; 3466 7 EVENT TRIGGER - guard Odd owner          | event triggers
            1; 2616 7 OPERATOR CLASS shop o Odd owner          | operator classes
            1; 2753 7 OPERATOR FAMILY shop o Odd owner         | operator families
            1; 2612 7 PROCEDURAL LANGUAGE - odd Odd owner      | languages
            1; 1247 7 TYPE shop mood Odd owner                 | enum "shop"."mood"
            1; 1247 7 TYPE shop point Odd owner                | base types
            1; 2606 7 CHECK CONSTRAINT shop small later Odd owner | domain check "shop"."small later"
            1; 2604 7 DEFAULT shop order id Odd owner          | ''
            """)
    void an_entry_makes_what_it_names_exactly_or_nothing_that_is_known(String line, String key) {
        assertThat(new EntryKeys(COPIED).of(TocEntry.read(line))).isEqualTo(key);
    }

    @Test
    void an_extension_has_no_owner_nor_has_an_access_method() {
        assertThat(new EntryKeys(COPIED).of(TocEntry.read("2; 2601 7 ACCESS METHOD - heap_too ")))
                .isEqualTo("access method \"\".\"heap_too\"");
        assertThat(new EntryKeys(COPIED).of(TocEntry.read("2; 3079 7 EXTENSION - postgis ")))
                .isEqualTo("extension \"ext\".\"postgis\"");
    }
}
