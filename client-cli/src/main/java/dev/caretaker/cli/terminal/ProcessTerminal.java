package dev.caretaker.cli.terminal;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The terminal of this process. Needs no native code: it reads {@code /proc}, or asks the JDK where there is none. */
final class ProcessTerminal implements Terminal {
    static final int DEFAULT_COLUMNS = 80;
    private static final long ASK_AGAIN_AFTER_NANOS = TimeUnit.SECONDS.toNanos(5);

    private int columns;
    private long askedAt;

    @Override
    public boolean isInteractive() {
        return isTerminal(0);
    }

    @Override
    public boolean isDisplay() {
        return isTerminal(1);
    }

    @Override
    public int columns() {
        if (columns == 0 || System.nanoTime() - askedAt > ASK_AGAIN_AFTER_NANOS) {
            columns = askColumns();
            askedAt = System.nanoTime();
        }
        return columns;
    }

    private int askColumns() {
        String given = System.getenv("COLUMNS");
        if (given != null && given.matches("[1-9][0-9]{0,4}")) {
            return Integer.parseInt(given);
        }
        return isDisplay() ? columnsByStty() : DEFAULT_COLUMNS;
    }

    private static int columnsByStty() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Redirect.from(new File("/dev/tty")))
                    .redirectError(Redirect.DISCARD)
                    .start();
            String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim();
            int space = size.indexOf(' ');
            int width = space < 0 ? 0 : Integer.parseInt(size.substring(space + 1));
            return width > 0 ? width : DEFAULT_COLUMNS;
        } catch (IOException | NumberFormatException e) {
            // No stty or no controlling terminal: the width is simply not known.
            return DEFAULT_COLUMNS;
        }
    }

    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            String device = Files.readSymbolicLink(link).toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return isTerminalByConsole();
        }
    }

    /** Up to Java 21 there is a console only on a terminal; later it has to be asked. */
    private static boolean isTerminalByConsole() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
