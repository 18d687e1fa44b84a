package dev.caretaker.server.console.web;

/** Pages of one subject. */
@FunctionalInterface
public interface Pages {
    /** Says which paths they answer. */
    void add(Routes routes);
}
