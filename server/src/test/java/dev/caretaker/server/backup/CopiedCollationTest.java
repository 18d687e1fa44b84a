package dev.caretaker.server.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CopiedCollationTest {
    private static CopiedCollation collation(String name, String recorded, String actual) {
        return new CopiedCollation(
                name.isEmpty() ? "" : "public",
                name,
                "icu",
                Optional.ofNullable(recorded),
                Optional.ofNullable(actual));
    }

    @Test
    void a_database_whose_library_was_changed_is_told_by_the_collation() {
        assertThat(CopiedCollation.changed(List.of(
                        collation("german", "153.14", "153.120"),
                        collation("", "153.14", "153.120"),
                        collation("same", "153.120", "153.120"),
                        collation("C", null, null),
                        collation("unrecorded", null, "153.120"))))
                .hasSize(2)
                .anySatisfy(note -> assertThat(note)
                        .startsWith("Collation public.german (icu) is recorded as version 153.14 ")
                        .contains("has 153.120", "collation-version"))
                .anySatisfy(note -> assertThat(note).startsWith("The collation of the database (icu) "));
    }

    @Test
    void a_place_with_another_version_is_told_and_one_with_the_same_is_not() {
        List<CopiedCollation> then = List.of(
                collation("german", "153.14", "153.14"), collation("C", null, null), collation("gone", null, "153.14"));
        assertThat(CopiedCollation.differing(then, then)).isEmpty();
        assertThat(CopiedCollation.differing(
                        then, List.of(collation("german", "153.120", "153.120"), collation("C", null, null))))
                .singleElement()
                .asString()
                .startsWith("Collation public.german has version 153.14 (icu) where the backup was taken, and 153.120"
                        + " (icu) here");
    }
}
