package dev.caretaker.server;

import io.micronaut.runtime.Micronaut;

/** Starts the control plane. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        Micronaut.build(args).mainClass(Main.class).banner(false).start();
    }
}
