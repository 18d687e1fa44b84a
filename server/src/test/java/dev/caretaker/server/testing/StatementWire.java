package dev.caretaker.server.testing;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * A wire to a Postgres server that listens to the statements that change something, and can stop at one of them: before it is
 * sent, or when it is done and its answer has not been told. Reads the frontend/backend protocol, version 3
 * (https://www.postgresql.org/docs/current/protocol-message-formats.html).
 */
public final class StatementWire implements Closeable {
    private static final Pattern CHANGES = Pattern.compile(
            "\\s*(?:(?:ALTER|CREATE|DROP|LOCK|INSERT|UPDATE|DELETE|TRUNCATE|ANALYZE|VACUUM|REINDEX|COMMENT|GRANT|REVOKE|DO)\\b"
                    + "|WITH\\b.*\\b(?:INSERT INTO|DELETE FROM)\\b).*",
            Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;

    private final String host;
    private final int port;
    private final ServerSocket listener;
    private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
    private final List<Asked> asked = new ArrayList<>();
    private boolean listening;
    private Optional<Moment> moment = Optional.empty();
    private volatile boolean halted;
    private volatile CountDownLatch goOn = new CountDownLatch(1);

    /**
     * A statement that changes something, or the commit of one.
     *
     * @param last whether its answer is waited for before another one is sent
     */
    public record Asked(String sql, boolean last) {}

    /**
     * Where to stop.
     *
     * @param statement from 0 on
     * @param done whether it is done by then; else it is not sent
     */
    public record Moment(int statement, boolean done) {}

    public StatementWire(String host, int port) {
        this.host = host;
        this.port = port;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** A JDBC URL that goes over this wire. */
    public String url(String database) {
        return "jdbc:postgresql://localhost:" + listener.getLocalPort() + "/" + database;
    }

    /** From now on statements are counted, from 0. */
    public synchronized void listen(Optional<Moment> stop) {
        asked.clear();
        moment = stop;
        halted = false;
        listening = true;
    }

    /** What was asked since. */
    public synchronized List<Asked> heard() {
        return List.copyOf(asked);
    }

    /** Whether it has stopped where it was to. */
    public boolean isHalted() {
        return halted;
    }

    /** The connection that was stopped is cut, and all others and new ones go on as if nobody listened. */
    public synchronized void goOn() {
        listening = false;
        moment = Optional.empty();
        goOn.countDown();
        goOn = new CountDownLatch(1);
    }

    @Override
    public void close() throws IOException {
        goOn();
        listener.close();
        wires.forEach(Wire::cut);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Wire wire = new Wire(client, new Socket(host, port));
                wires.add(wire);
                Thread.ofVirtual().start(wire::asks);
                Thread.ofVirtual().start(wire::answers);
            } catch (IOException e) {
                LockSupport.parkNanos(1_000_000); // the listener was closed, or the server is away: the client sees it
            }
        }
    }

    private synchronized Optional<Moment> hear(String sql) {
        if (!listening) {
            return Optional.empty();
        }
        asked.add(new Asked(sql, false));
        return moment.filter(stop -> stop.statement() == asked.size() - 1);
    }

    private synchronized int count() {
        return asked.size();
    }

    private synchronized void isLast(int number) {
        if (listening && number <= asked.size()) {
            asked.set(number - 1, new Asked(asked.get(number - 1).sql(), true));
        }
    }

    /** One connection. */
    private final class Wire {
        private final Socket client;
        private final Socket server;
        private final Map<String, String> texts = new HashMap<>();
        private String bound = "";
        private boolean changed;
        private int latest;
        private volatile boolean withheld;

        Wire(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void asks() {
            try (client;
                    server;
                    DataInputStream from = new DataInputStream(new BufferedInputStream(client.getInputStream()));
                    DataOutputStream to = new DataOutputStream(new BufferedOutputStream(server.getOutputStream()))) {
                begin(from, to);
                for (int type = from.read(); type >= 0; type = from.read()) {
                    byte[] body = from.readNBytes(from.readInt() - Integer.BYTES);
                    Optional<Moment> stop = look(type, body);
                    if (stop.isPresent() && !stop.get().done()) {
                        to.flush();
                        stopHere(true);
                        return;
                    }
                    if (stop.isPresent()) {
                        withheld = true;
                    }
                    send(to, type, body);
                    if (from.available() == 0) {
                        to.flush();
                    }
                    if (withheld && type == 'S') {
                        to.flush();
                        stopHere(false); // the answer tells when it is done
                        return;
                    }
                }
            } catch (IOException e) {
                cut(); // one end is gone: so is the other
            } finally {
                wires.remove(this);
            }
        }

        /** Encryption is refused, so that the rest can be read. */
        private void begin(DataInputStream from, DataOutputStream to) throws IOException {
            while (true) {
                byte[] body = from.readNBytes(from.readInt() - Integer.BYTES);
                int code = new DataInputStream(new ByteArrayInputStream(body)).readInt();
                if (code != SSL_REQUEST && code != GSS_REQUEST) {
                    to.writeInt(body.length + Integer.BYTES);
                    to.write(body);
                    to.flush();
                    return;
                }
                client.getOutputStream().write('N');
            }
        }

        private Optional<Moment> look(int type, byte[] body) {
            switch (type) {
                case 'P' -> texts.put(text(body, 0), text(body, 1));
                case 'B' -> bound = text(body, 1);
                case 'S' -> {
                    if (latest > 0) {
                        isLast(latest);
                        latest = 0;
                    }
                }
                case 'E' -> {
                    return execute(texts.getOrDefault(bound, ""));
                }
                default -> {}
            }
            return Optional.empty();
        }

        private Optional<Moment> execute(String sql) {
            boolean commit = sql.equals("COMMIT");
            boolean counts = commit ? changed : CHANGES.matcher(sql).matches();
            changed = !commit && !sql.equals("ROLLBACK") && (changed || counts);
            if (!counts) {
                return Optional.empty();
            }
            Optional<Moment> stop = hear(sql);
            latest = count();
            return stop;
        }

        private void stopHere(boolean now) throws IOException {
            CountDownLatch until = goOn;
            if (now) {
                halted = true;
            }
            try {
                until.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }

        void answers() {
            try (DataInputStream from = new DataInputStream(new BufferedInputStream(server.getInputStream()));
                    DataOutputStream to = new DataOutputStream(new BufferedOutputStream(client.getOutputStream()))) {
                for (int type = from.read(); type >= 0; type = from.read()) {
                    byte[] body = from.readNBytes(from.readInt() - Integer.BYTES);
                    if (withheld) {
                        if (type == 'Z') {
                            halted = true;
                        }
                    } else {
                        send(to, type, body);
                        if (from.available() == 0) {
                            to.flush();
                        }
                    }
                }
            } catch (IOException e) {
                cut();
            }
        }

        void cut() {
            try (client) {
                server.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void send(DataOutputStream to, int type, byte[] body) throws IOException {
            to.write(type);
            to.writeInt(body.length + Integer.BYTES);
            to.write(body);
        }

        /** The n-th of the strings that a message begins with. */
        private static String text(byte[] body, int n) {
            int from = 0;
            for (int i = 0; i <= n; i++) {
                int to = from;
                while (body[to] != 0) {
                    to++;
                }
                if (i == n) {
                    return new String(body, from, to - from, StandardCharsets.UTF_8);
                }
                from = to + 1;
            }
            throw new IllegalArgumentException("no string " + n);
        }
    }
}
