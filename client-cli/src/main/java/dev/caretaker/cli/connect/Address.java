package dev.caretaker.cli.connect;

import dev.caretaker.cli.error.CommandFailure;

/**
 * Where the server listens.
 *
 * @param host name or address; an IPv6 address without brackets
 * @param port 1 to 65535
 */
public record Address(String host, int port) {
    /** Where a server on the same machine listens. */
    public static final String DEFAULT = "127.0.0.1:7420";

    private static final int DEFAULT_PORT = 7420;

    /** Reads HOST:PORT, HOST, [IPv6]:PORT or [IPv6]. */
    public static Address parse(String text) {
        String host = text;
        String port = "";
        int end = text.startsWith("[") ? text.indexOf(']') : text.lastIndexOf(':');
        if (text.startsWith("[") && end > 0) {
            host = text.substring(1, end);
            port = text.substring(end + 1);
            if (!port.isEmpty() && !port.startsWith(":")) {
                throw malformed(text);
            }
            port = port.isEmpty() ? "" : checkPort(port.substring(1), text);
        } else if (end >= 0) {
            if (text.contains("/")) {
                throw malformed(text);
            }
            if (text.indexOf(':') != end) {
                throw CommandFailure.usage("--server: an IPv6 address needs brackets, for example [" + text + "]:7420");
            }
            host = text.substring(0, end);
            port = checkPort(text.substring(end + 1), text);
        }
        if (host.isBlank() || host.contains("/") || host.contains(" ")) {
            throw malformed(text);
        }
        return new Address(host, port.isEmpty() ? DEFAULT_PORT : Integer.parseInt(port));
    }

    private static String checkPort(String port, String text) {
        boolean digits = !port.isEmpty() && port.length() <= 5 && port.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || Integer.parseInt(port) < 1 || Integer.parseInt(port) > 65535) {
            throw malformed(text);
        }
        return port;
    }

    private static CommandFailure malformed(String text) {
        return CommandFailure.usage("--server: '" + text + "' is not HOST:PORT");
    }

    /** Whether traffic stays on this machine. Names other than localhost are not looked up: they could change. */
    public boolean isLoopback() {
        return host.equalsIgnoreCase("localhost")
                || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}")
                || host.equals("::1");
    }
}
