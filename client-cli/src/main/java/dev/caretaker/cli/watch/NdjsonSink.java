package dev.caretaker.cli.watch;

import dev.caretaker.cli.output.Json;
import dev.caretaker.cli.terminal.Environment;
import dev.caretaker.v1.RunEvent;

/** One event a line, for orchestrators. */
final class NdjsonSink implements RunSink {
    private final Environment environment;

    NdjsonSink(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void event(RunEvent event) {
        environment.out().println(Json.compact(event));
    }

    @Override
    public void notice(String sentence) {
        environment.err().println(sentence);
    }

    @Override
    public boolean isGone() {
        return environment.out().checkError();
    }
}
