package dev.caretaker.server.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts from elsewhere mean nothing in Markdown, and names that people use stay readable. */
class MarkdownTest {
    @ParameterizedTest
    @CsvSource(delimiter = '!', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
            order_items is 5 % larger, 9.1 GB now      ! order_items is 5 % larger, 9.1 GB now
            ~120,000 rows                              ! ~120,000 rows
            a|b                                        ! a\\|b
            *bold* _thin_ ~~gone~~ `code`              ! \\*bold\\* \\_thin\\_ \\~\\~gone\\~\\~ \\`code\\`
            [name](http://evil)                        ! \\[name\\](http\\://evil)
            <script>&lt;&#60;</script>                 ! \\<script\\>\\&lt;\\&#60;\\</script\\>
            # not a head                               ! \\# not a head
            - no list                                  ! \\- no list
            1. no list                                 ! 1\\. no list
            C:\\dir                                    ! C:\\\\dir
            """)
    void what_would_be_markup_is_text(String given, String written) {
        assertThat(Markdown.text(given)).isEqualTo(written);
    }

    @Test
    void nobody_is_called_and_no_line_ends() {
        assertThat(Markdown.text("ask @anna\nor | not")).isEqualTo("ask @\u200banna or \\| not");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain_name", "a`b", "``", "`a", " a ", "a|b", "<b>", "a\nb", "\u202e", "", " "})
    void a_name_as_code_has_a_fence_that_nothing_in_it_closes(String name) {
        String code = Markdown.code(name);
        String fence =
                code.substring(0, (int) code.chars().takeWhile(c -> c == '`').count());
        assertThat(code).startsWith(fence).endsWith(fence).doesNotContain("\n").doesNotContain("\u202e");
        String inside = code.substring(fence.length(), code.length() - fence.length());
        assertThat(inside).isNotEmpty().doesNotStartWith("`").doesNotEndWith("`");
        assertThat(inside.matches("(?s).*(?<!`)" + fence + "(?!`).*")).isFalse();
        assertThat(inside.replace("\\|", "")).doesNotContain("|");
    }

    @Test
    void parts_of_different_kinds_stand_apart() {
        assertThat(Markdown.tidy("# Head\ntext\n\n\n\nmore\n| a |\n|---|\n| b |\n- one\n\n- two\n## Next\n"))
                .isEqualTo("# Head\n\ntext\n\nmore\n\n| a |\n|---|\n| b |\n\n- one\n- two\n\n## Next\n");
    }
}
