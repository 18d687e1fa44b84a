package dev.caretaker.server.http;

import io.micronaut.context.BeanContext;

/** For tests that do not wait until the next look is due. */
public final class Looks {
    private Looks() {}

    /** Has a server look at its control store for its metrics. */
    public static void now(BeanContext server) {
        server.getBean(StoreLook.class).look();
    }
}
