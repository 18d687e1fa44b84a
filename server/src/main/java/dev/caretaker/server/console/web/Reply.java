package dev.caretaker.server.console.web;

import java.io.IOException;
import java.util.Optional;

/** What a page answers. */
public sealed interface Reply {
    /** Status of a page that shows what was asked for. */
    int OK = 200;

    /**
     * HTML from a template.
     *
     * @param template its file below {@code src/main/jte/console}
     * @param view what it shows, beside the frame
     */
    record Page(int status, String template, Frame frame, Object view) implements Reply {}

    /** Go there. */
    record SeeOther(String href, Optional<String> cookie) implements Reply {}

    /**
     * A document that stands for itself, such as a report. It may have its own styles, and nothing else.
     *
     * @param type media type
     * @param fileName under which a browser saves it; empty: it shows it
     */
    record Document(byte[] content, String type, String fileName) implements Reply {}

    /** Nothing but a status, for a script that asked for a part of a page. */
    record Bare(int status) implements Reply {}

    /** Fragments of the page, sent as they change. */
    record Events(Live live) implements Reply {}

    /** Sends until there is nothing more to send, or until nobody listens. */
    @FunctionalInterface
    interface Live {
        void send(EventStream out) throws IOException;
    }

    /** @param path below that of the console */
    static Reply seeOther(String path) {
        return new SeeOther(Console.PATH + path, Optional.empty());
    }
}
