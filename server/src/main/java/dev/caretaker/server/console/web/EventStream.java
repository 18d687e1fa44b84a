package dev.caretaker.server.console.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Server-sent events, as <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML</a> has them. */
public final class EventStream {
    private final OutputStream out;

    EventStream(OutputStream out) {
        this.out = out;
    }

    /**
     * Sends a fragment.
     *
     * @param name of the place in the page that it is for
     */
    public void send(String name, String html) throws IOException {
        StringBuilder event = new StringBuilder("event: ").append(name).append('\n');
        html.lines()
                .filter(line -> !line.isBlank())
                .forEach(line -> event.append("data: ").append(line).append('\n'));
        write(event.append('\n').toString());
    }

    /** After a connection broke, a browser asks again so much later. */
    public void retryAfterMillis(int millis) throws IOException {
        write("retry: " + millis + "\n\n");
    }

    /** Nothing happened; neither what stands between nor the page must take that for the end. */
    public void alive() throws IOException {
        send("alive", "-");
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
