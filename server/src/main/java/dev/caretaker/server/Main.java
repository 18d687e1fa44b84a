package dev.caretaker.server;

import dev.caretaker.server.demo.Demo;
import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The server's program; its first word says what to do. */
public final class Main {
    private static final int USAGE = 2;

    private Main() {}

    public static void main(String[] args) {
        // Libraries that log through the JDK: only what goes wrong, and like all else.
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        Logger.getLogger("").setLevel(Level.WARNING);
        String command = args.length == 0 ? "" : args[0];
        String[] rest = Arrays.copyOfRange(args, Math.min(1, args.length), args.length);
        switch (command) {
            case "server" -> ServerCommand.main(rest);
            case "demo" -> Demo.main(rest);
            default -> {
                System.err.println("usage: caretaker server [--config FILE]; caretaker demo [--keep]");
                System.exit(USAGE);
            }
        }
    }
}
