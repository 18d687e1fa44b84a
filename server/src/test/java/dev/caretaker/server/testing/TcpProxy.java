package dev.caretaker.server.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A wire that can be cut, and that counts: stands between a client and a server on this machine. */
public final class TcpProxy implements Closeable {
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong roundTrips = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private volatile InetSocketAddress server;
    private volatile boolean refusing;
    private volatile boolean hanging;
    private volatile boolean losingAnswers;

    public TcpProxy(String host, int port) {
        this.server = new InetSocketAddress(host, port);
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

    /** Times that a client asked something after it had been answered, or for the first time, of all connections. */
    public long roundTrips() {
        return roundTrips.get();
    }

    /** Connections that were opened. */
    public long connections() {
        return connections.get();
    }

    /** Cuts all connections and lets no new one in. */
    public void cut() {
        refusing = true;
        sockets.forEach(TcpProxy::quietlyClose);
    }

    /** Keeps connections but lets nothing through. */
    public void hang() {
        hanging = true;
    }

    /** What is asked from now on is still done, but the answer is lost with its connection. */
    public void loseAnswers() {
        losingAnswers = true;
    }

    /** Cuts all connections; new ones go to another server. */
    public void leadTo(String host, int port) {
        cut();
        server = new InetSocketAddress(host, port);
        mend();
    }

    public void mend() {
        refusing = false;
        hanging = false;
        losingAnswers = false;
    }

    @Override
    public void close() throws IOException {
        cut();
        listener.close();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (refusing) {
                    client.close();
                    continue;
                }
                connections.incrementAndGet();
                Socket beyond = new Socket(server.getAddress(), server.getPort());
                sockets.add(client);
                sockets.add(beyond);
                AtomicBoolean asking = new AtomicBoolean();
                Thread.ofVirtual().start(() -> pump(client, beyond, asking, false));
                Thread.ofVirtual().start(() -> pump(beyond, client, asking, true));
            } catch (IOException e) {
                LockSupport.parkNanos(1_000_000); // the listener was closed, or the server is away: the client sees it
            }
        }
    }

    /** @param asking whether the client's latest word has not been answered yet */
    private void pump(Socket from, Socket to, AtomicBoolean asking, boolean answers) {
        byte[] buffer = new byte[16_384];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (answers && losingAnswers) {
                    return;
                }
                if (asking.getAndSet(!answers) == answers && !answers) {
                    roundTrips.incrementAndGet();
                }
                while (hanging) {
                    LockSupport.parkNanos(10_000_000);
                }
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            quietlyClose(to); // one end is gone: so is the other
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private static void quietlyClose(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
