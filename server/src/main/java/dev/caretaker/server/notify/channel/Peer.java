package dev.caretaker.server.notify.channel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;

/**
 * Whom a connection goes to: to the very address that was looked at, since what a name means could change between the look
 * and the connection.
 *
 * @param timeout of all together, from the look-up of the name to the end of the exchange
 * @param names asked once a connection
 */
record Peer(String host, int port, Reach reach, Duration timeout, Names names) {
    private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();

    Peer(String host, int port, Reach reach, Duration timeout) {
        this(host, port, reach, timeout, InetAddress::getAllByName);
    }

    /** What a name means now. */
    @FunctionalInterface
    interface Names {
        InetAddress[] of(String host) throws UnknownHostException;
    }

    /** What is said on a connection. */
    @FunctionalInterface
    interface Exchange<T> {
        T on(Socket socket) throws IOException, NotDeliveredException;
    }

    /** Connects, exchanges and hangs up. */
    <T> T call(Exchange<T> exchange) throws NotDeliveredException {
        AtomicReference<Socket> open = new AtomicReference<>();
        Future<T> answer = THREADS.submit(() -> connected(exchange, open));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw late();
        } catch (ExecutionException e) {
            throw told(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw NotDeliveredException.forNow("this server is being stopped");
        } finally {
            answer.cancel(true);
            close(open.get());
        }
    }

    private <T> T connected(Exchange<T> exchange, AtomicReference<Socket> open)
            throws IOException, NotDeliveredException {
        InetSocketAddress address = new InetSocketAddress(allowed(), port);
        try (Socket socket = new Socket()) {
            open.set(socket);
            int millis = Math.toIntExact(timeout.toMillis());
            socket.connect(address, millis);
            socket.setSoTimeout(millis);
            return exchange.on(socket);
        }
    }

    /** It keeps the name, so that nobody looks up what the address is called. */
    private InetAddress allowed() throws IOException, NotDeliveredException {
        InetAddress[] all = names.of(host);
        Optional<InetAddress> allowed = Arrays.stream(all).filter(reach::allows).findFirst();
        if (allowed.isEmpty()) {
            throw NotDeliveredException.forGood(reach.refusal(all[0]));
        }
        return InetAddress.getByAddress(Trust.bare(host), allowed.get().getAddress());
    }

    private NotDeliveredException late() {
        return NotDeliveredException.forNow("no answer within " + timeout.toMillis() + " ms");
    }

    private NotDeliveredException told(Throwable cause) {
        return switch (cause) {
            case NotDeliveredException known -> known;
            case SocketTimeoutException slow -> late();
            case UnknownHostException unknown -> NotDeliveredException.forNow("the receiver's name is not known");
            case SSLException tls -> NotDeliveredException.forNow("no TLS connection: " + tls.getMessage());
            case IOException broken -> NotDeliveredException.forNow("no connection: " + broken.getMessage());
            default ->
                NotDeliveredException.forNow(
                        "it could not be sent: " + cause.getClass().getSimpleName());
        };
    }

    private static void close(Socket socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // it is of no use any more
            }
        }
    }
}
