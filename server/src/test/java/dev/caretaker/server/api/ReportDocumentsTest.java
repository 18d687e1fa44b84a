package dev.caretaker.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caretaker.server.report.Report;
import dev.caretaker.server.report.page.HtmlPage;
import dev.caretaker.server.report.page.MarkdownPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TimeZone;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same figures are always written as the same bytes, and names are shown as they are and mean nothing. */
class ReportDocumentsTest {
    private static final Path GOLDEN = Path.of("src/test/resources/reports");

    /** A document, and the file that holds what it should be. */
    record Sample(String file, Function<Report, String> writer, Report report) {
        String text() {
            return writer.apply(report);
        }

        @Override
        public String toString() {
            return file;
        }
    }

    private static final Function<Report, String> HTML = new HtmlPage()::write;
    private static final Function<Report, String> MARKDOWN = new MarkdownPage()::write;
    private static final Function<Report, String> JSON = new MessageJson()::write;

    static Stream<Sample> samples() {
        return Stream.of(
                new Sample("target.html", HTML, ReportSamples.shop()),
                new Sample("target.md", MARKDOWN, ReportSamples.shop()),
                new Sample("target.json", JSON, ReportSamples.shop()),
                new Sample("empty.html", HTML, ReportSamples.nothing()),
                new Sample("empty.md", MARKDOWN, ReportSamples.nothing()),
                new Sample("run.html", HTML, ReportSamples.failed()),
                new Sample("run.md", MARKDOWN, ReportSamples.failed()),
                new Sample("run.json", JSON, ReportSamples.failed()));
    }

    /** With {@code -Dcaretaker.docs.write=true} the files are written anew. */
    @ParameterizedTest
    @MethodSource("samples")
    void the_same_figures_give_the_same_bytes_whatever_the_language_and_zone_of_the_machine(Sample sample)
            throws IOException {
        Path file = GOLDEN.resolve(sample.file());
        if (Boolean.getBoolean("caretaker.docs.write")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, sample.text());
        }
        Locale language = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Apia"));
            assertThat(sample.text()).isEqualTo(Files.readString(file));
        } finally {
            Locale.setDefault(language);
            TimeZone.setDefault(zone);
        }
    }

    @Test
    void a_page_has_no_script_fetches_nothing_and_shows_names_as_they_are() {
        String page = HTML.apply(ReportSamples.shop()) + HTML.apply(ReportSamples.failed());
        assertThat(page)
                .doesNotContain("<script", "onload", "<img", "<link", "@import", "url(", "src=")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                .contains("שלום\\u202eevil")
                .doesNotContain("\u202e")
                .contains(ReportSamples.LONGEST);
        assertThat(page.split("http", -1).length - 1)
                .as("addresses: the two headers, and the name that has one, which is no link")
                .isEqualTo(2 + page.split("http://evil", -1).length - 1);
        assertThat(page).doesNotContain("href=\"http");
    }

    @Test
    void every_table_of_a_page_has_a_caption_and_heads_and_every_picture_has_words() {
        String page = HTML.apply(ReportSamples.shop());
        assertThat(count(page, "<caption>")).isEqualTo(count(page, "<table>"));
        assertThat(count(page, "<th scope=") + count(page, "<thead>")).isEqualTo(count(page, "<th"));
        assertThat(Pattern.compile("<svg[^>]*(aria-hidden=\"true\"|role=\"img\" aria-label=\"[^\"])")
                        .matcher(page)
                        .results())
                .hasSize(count(page, "<svg"));
        assertThat(page)
                .contains("<html lang=\"en\">", "<main id=\"report\">", "class=\"skip\"", "prefers-color-scheme:dark");
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    @Test
    void names_cannot_break_the_tables_of_Markdown() {
        String page = MARKDOWN.apply(ReportSamples.shop()) + MARKDOWN.apply(ReportSamples.failed());
        assertThat(page).contains("``a\\|b`c*d_e[x](http://evil)``");
        int columns = 0;
        for (String line : page.lines().toList()) {
            boolean row = line.startsWith("|");
            if (!row) {
                columns = 0;
                continue;
            }
            assertThat(line).endsWith("|");
            int here = line.replaceAll("\\\\\\|", "").split("\\|", -1).length;
            if (columns != 0) {
                assertThat(here).as(line).isEqualTo(columns);
            }
            columns = here;
        }
    }
}
