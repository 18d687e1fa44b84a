package dev.caretaker.server.testing;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A connection pooler small enough to read: it forwards a client's login to a server connection of its own, invents a
 * cancellation key as real poolers do, and hands out server connections for a session or for a transaction, the latest used
 * first.
 */
public final class TestPooler implements AutoCloseable {
    private static final int CANCEL = 80877102;
    private static final int SSL = 80877103;
    private static final int GSS = 80877104;
    private static final int AUTHENTICATION_OK = 0;
    private static final int SASL_FINAL = 12;

    private final ServerSocket listener;
    private final TestPostgres server;
    private final boolean transactions;
    private final int mostClients;
    private final Deque<Peer> idle = new ConcurrentLinkedDeque<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private int clients;

    private TestPooler(TestPostgres server, boolean transactions, int mostClients) throws IOException {
        this.server = server;
        this.transactions = transactions;
        this.mostClients = mostClients;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public static TestPooler ofTransactions(TestPostgres server) throws IOException {
        return new TestPooler(server, true, Integer.MAX_VALUE);
    }

    public static TestPooler ofSessions(TestPostgres server) throws IOException {
        return new TestPooler(server, false, Integer.MAX_VALUE);
    }

    /** Lets only so many clients in. */
    public static TestPooler ofSessions(TestPostgres server, int mostClients) throws IOException {
        return new TestPooler(server, false, mostClients);
    }

    /** URL of a database through the pooler. */
    public String url(TestPostgres.Database database) {
        return "jdbc:postgresql://127.0.0.1:" + listener.getLocalPort() + "/" + database.name();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Peer client = new Peer(socket);
            byte[] startup = startup(client);
            synchronized (this) {
                if (startup == null || ++clients > mostClients) {
                    return;
                }
            }
            Peer backend = login(client, startup);
            if (transactions) {
                idle.addFirst(backend);
                backend = null;
            }
            talk(client, backend);
        } catch (IOException e) {
            // Either side went away.
        }
    }

    /** The startup packet, after refusing encryption; null for a request to cancel. */
    private static byte[] startup(Peer client) throws IOException {
        while (true) {
            byte[] body = new byte[client.in.readInt() - Integer.BYTES];
            client.in.readFully(body);
            int code = new DataInputStream(new ByteArrayInputStream(body)).readInt();
            switch (code) {
                case SSL, GSS -> client.out.writeByte('N');
                case CANCEL -> {
                    return null;
                }
                default -> {
                    return body;
                }
            }
            client.out.flush();
        }
    }

    private Peer login(Peer client, byte[] startup) throws IOException {
        Socket socket = new Socket(server.host(), server.port());
        sockets.add(socket);
        Peer backend = new Peer(socket);
        backend.out.writeInt(startup.length + Integer.BYTES);
        backend.out.write(startup);
        backend.out.flush();
        while (true) {
            Message message = backend.read();
            if (message.type == 'K') {
                ThreadLocalRandom.current().nextBytes(message.body);
            }
            client.write(message);
            if (message.type == 'Z') {
                return backend;
            }
            if (message.type == 'R') {
                int kind = new DataInputStream(new ByteArrayInputStream(message.body)).readInt();
                if (kind != AUTHENTICATION_OK && kind != SASL_FINAL) {
                    backend.write(client.read());
                }
            }
        }
    }

    private void talk(Peer client, Peer own) throws IOException {
        Peer backend = own;
        try {
            while (true) {
                Message message = client.read();
                if (message.type == 'X') {
                    return;
                }
                if (backend == null) {
                    backend = idle.pollFirst();
                    if (backend == null) {
                        throw new EOFException("no server connection is free");
                    }
                }
                backend.write(message);
                if ((message.type == 'Q' || message.type == 'S') && answer(client, backend) == 'I' && transactions) {
                    idle.addFirst(backend);
                    backend = null;
                }
            }
        } finally {
            if (backend != null) {
                backend.socket.close();
            }
        }
    }

    /** Forwards the server's answer; tells the state of the transaction after it. */
    private static byte answer(Peer client, Peer backend) throws IOException {
        while (true) {
            Message message = backend.read();
            client.write(message);
            if (message.type == 'Z') {
                return message.body[0];
            }
        }
    }

    private record Message(byte type, byte[] body) {}

    private static final class Peer {
        private final Socket socket;
        private final DataInputStream in;
        private final DataOutputStream out;

        Peer(Socket socket) throws IOException {
            this.socket = socket;
            this.in = new DataInputStream(socket.getInputStream());
            this.out = new DataOutputStream(socket.getOutputStream());
        }

        Message read() throws IOException {
            byte type = in.readByte();
            byte[] body = new byte[in.readInt() - Integer.BYTES];
            in.readFully(body);
            return new Message(type, body);
        }

        void write(Message message) throws IOException {
            out.writeByte(message.type);
            out.writeInt(message.body.length + Integer.BYTES);
            out.write(message.body);
            out.flush();
        }
    }
}
