package dev.caretaker.cli.output;

import com.google.protobuf.Message;
import dev.caretaker.cli.terminal.Environment;
import java.io.PrintStream;
import java.util.List;
import java.util.function.Consumer;

/** Prints results on standard output in the format asked for. */
public final class Printer {
    private final Environment environment;
    private final Format format;

    public Printer(Environment environment, Format format) {
        this.environment = environment;
        this.format = format;
    }

    /** One thing. */
    public void one(Message message, Consumer<Page> view) {
        many(message, List.of(message), view);
    }

    /** A list: {@code whole} holds the {@code items}, which are lines of their own in NDJSON. */
    public void many(Message whole, List<? extends Message> items, Consumer<Page> view) {
        PrintStream out = environment.out();
        switch (format) {
            case JSON -> out.println(Json.pretty(whole));
            case YAML -> out.print(Yaml.print(whole));
            case NDJSON -> items.forEach(item -> out.println(Json.compact(item)));
            case SARIF -> throw new IllegalStateException("only findings are printed as SARIF, and not by this");
            case TABLE -> view.accept(page());
        }
    }

    /** For output that is made for people in any case. */
    public Page page() {
        return new Page(environment);
    }
}
