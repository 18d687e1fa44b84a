package dev.caretaker.bench;

import java.io.PrintWriter;
import java.util.Locale;

/** Lines for people, written at once: what is measured takes its time. */
record Lines(PrintWriter out) {

    /** One line; numbers are written as in English. */
    void say(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
        out.flush();
    }
}
