package dev.caretaker.cli.watch;

import dev.caretaker.cli.terminal.Environment;
import dev.caretaker.v1.RunEvent;

/** Shows nothing: the result comes at the end as one document. */
final class QuietSink implements RunSink {
    private final Environment environment;

    QuietSink(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void event(RunEvent event) {
        // Only the end counts.
    }

    @Override
    public void notice(String sentence) {
        environment.err().println(sentence);
    }
}
