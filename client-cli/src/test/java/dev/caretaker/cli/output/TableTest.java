package dev.caretaker.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void columns_are_aligned_by_what_the_terminal_shows() {
        Table table = new Table("NAME", ">ROWS", "END").row("日本", "5", "x").row("Ünïcode", "1,000", "y");
        assertThat(table.lines(80, false, ""))
                .containsExactly("NAME      ROWS  END", "日本         5  x", "Ünïcode  1,000  y");
    }

    @Test
    void the_widest_names_are_cut_on_a_narrow_terminal_but_never_a_figure() {
        Table table = new Table("NAME", ">ROWS").row("a".repeat(60), "123,456,789");
        assertThat(table.lines(30, false, "")).allMatch(line -> Text.width(line) <= 30);
        assertThat(table.lines(30, false, "").get(1)).contains("…").endsWith("123,456,789");
        assertThat(table.lines(Integer.MAX_VALUE, false, "").get(1)).contains("a".repeat(60));
    }

    @Test
    void what_can_be_done_without_goes_first_from_the_right_and_only_as_far_as_needed() {
        Table table = new Table("NAME", "?>AGE", "STATE", "?BY").row("n".repeat(10), "12d", "running", "alice");
        assertThat(table.lines(31, false, "").get(1)).isEqualTo("nnnnnnnnnn  12d  running  alice");
        assertThat(table.lines(30, false, "")).containsExactly("NAME        AGE  STATE", "nnnnnnnnnn  12d  running");
        assertThat(table.lines(19, false, "")).containsExactly("NAME        STATE", "nnnnnnnnnn  running");
        assertThat(table.lines(Integer.MAX_VALUE, false, "").get(0)).contains("AGE", "BY");
    }

    @Test
    void a_name_cannot_steer_the_terminal() {
        Table table = new Table("NAME").row("evil\u001b[2J\nname\u202e");
        assertThat(table.lines(80, true, "").get(1)).isEqualTo("evil\\u001b[2J\\nname\\u202e");
    }

    @Test
    void colours_do_not_move_columns() {
        Table table = new Table("A", "B").row(new Table.Cell("bad", Style.BAD), "x");
        assertThat(table.lines(80, true, "").get(1)).isEqualTo("\u001b[31mbad\u001b[0m  x");
    }

    @Test
    void cutting_keeps_surrogates_whole() {
        assertThat(Text.fit("ab😀😀", 5)).isEqualTo("ab😀…");
        assertThat(Text.fit("ab😀😀", 4)).isEqualTo("ab…");
        assertThat(Text.fit("abc", 3)).isEqualTo("abc");
    }

    @Test
    void names_that_differ_at_their_ends_differ_still_where_they_are_cut_also_if_they_have_spaces() {
        Table table = new Table("PARTITION", ">SIZE")
                .row("Odd \"S.x.We'ird Table_2026_03", "16 kB")
                .row("Odd \"S.x.We'ird Table_2026_04", "16 kB");
        assertThat(table.lines(25, false, ""))
                .containsExactly(
                        "PARTITION            SIZE", "Odd \"S…ble_2026_03  16 kB", "Odd \"S…ble_2026_04  16 kB");
        Table sentences = new Table("WHY").row("It is past its time").row("Nobody covers now");
        assertThat(sentences.lines(12, false, "")).containsExactly("WHY", "It is past …", "Nobody cove…");
    }
}
