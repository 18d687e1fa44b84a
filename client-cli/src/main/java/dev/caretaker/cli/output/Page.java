package dev.caretaker.cli.output;

import dev.caretaker.cli.terminal.Environment;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Output for people: lines, headings, pairs and tables, with colours where the terminal has them. */
public final class Page {
    private static final int READABLE = 120;
    /** Width of the names of pairs. */
    private static final int NAME = 12;

    private final PrintStream out;
    private final boolean colours;
    private final boolean display;
    private final Environment environment;

    /** A part of a line. */
    public record Span(Style style, String text) {}

    public Page(Environment environment) {
        this(environment, environment.out());
    }

    /** On another stream than standard output. */
    public Page(Environment environment, PrintStream out) {
        this.environment = environment;
        this.out = out;
        this.colours = environment.colours();
        this.display = environment.terminal().isDisplay();
    }

    public Page line(String text) {
        out.println(Text.visible(text));
        return this;
    }

    public Page line(Style style, String text) {
        out.println(style.apply(Text.visible(text), colours));
        return this;
    }

    public Page blank() {
        out.println();
        return this;
    }

    /** A line of parts that look different; neighbours of one style are drawn at once. */
    public Page line(String indent, List<Span> spans) {
        StringBuilder line = new StringBuilder(indent);
        for (int from = 0, to; from < spans.size(); from = to) {
            StringBuilder same = new StringBuilder();
            for (to = from;
                    to < spans.size()
                            && spans.get(to).style() == spans.get(from).style();
                    to++) {
                same.append(Text.visible(spans.get(to).text()));
            }
            line.append(spans.get(from).style().apply(same.toString(), colours));
        }
        out.println(line);
        return this;
    }

    /** An empty line and a title. */
    public Page heading(String title) {
        return blank().line(Style.BOLD, title);
    }

    /** A name and its value; nothing if the value is empty. */
    public Page pair(String name, String value) {
        return pair(name, value, Style.PLAIN);
    }

    public Page pair(String name, String value, Style style) {
        return value.isEmpty() ? this : hanging(new Span(Style.DIM, Text.pad(name, NAME, false)), style, value);
    }

    public Page table(Table table) {
        return table(table, "");
    }

    public Page table(Table table, String indent) {
        table.lines(columns(), colours, indent).forEach(out::println);
        return this;
    }

    /** Whether a column of a table is there: on a narrow terminal not all are. */
    public boolean shows(Table table, String header) {
        return table.shows(header, columns());
    }

    /** Whether a person looks at it on a terminal. */
    public boolean isDisplay() {
        return display;
    }

    private int columns() {
        return display ? environment.terminal().columns() : Table.UNLIMITED;
    }

    /** A sentence that begins after something else, wrapped at words on a terminal, with its lines below each other. */
    public Page hanging(Span first, Style style, String text) {
        int indent = Text.width(first.text());
        String begin = first.style().apply(Text.visible(first.text()), colours);
        for (String line : wrap(Text.visible(text), columns() == Table.UNLIMITED ? columns() : columns() - indent)) {
            out.println(begin + style.apply(line, colours));
            begin = " ".repeat(indent);
        }
        return this;
    }

    /** A sentence, wrapped at words on a terminal; further lines are indented like the first. */
    public Page paragraph(String indent, Style style, String text) {
        int columns = display ? Math.min(environment.terminal().columns(), READABLE) : Table.UNLIMITED;
        for (String line : wrap(Text.visible(text), columns - indent.length())) {
            out.println(indent + style.apply(line, colours));
        }
        return this;
    }

    /** A statement to copy: never wrapped or cut, its own lines kept. */
    public Page code(String indent, String statement) {
        statement.lines().forEach(line -> out.println(indent + Text.visible(line.replace("\t", "    "))));
        return this;
    }

    private static List<String> wrap(String text, int columns) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && Text.width(line.toString()) + 1 + Text.width(word) > columns) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
