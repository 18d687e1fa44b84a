package dev.caretaker.server.run.engine;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.UUID;

/** Names this process among the servers of a control store: host, process id, and something that no restart repeats. */
final class ServerName {
    private ServerName() {}

    static String ofThisProcess() {
        String unique = UUID.randomUUID().toString().substring(0, 8);
        return host() + ":" + ProcessHandle.current().pid() + ":" + unique;
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
