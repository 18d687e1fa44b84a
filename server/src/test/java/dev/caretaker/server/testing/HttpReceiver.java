package dev.caretaker.server.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** Somebody who is told of events over HTTP, at 127.0.0.1. */
public final class HttpReceiver implements AutoCloseable {
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile Answer answer;

    public HttpReceiver() {
        this(null);
    }

    /** @param tls null: it speaks HTTP without */
    public HttpReceiver(SSLContext tls) {
        answer = exchange -> 204;
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try {
            if (tls == null) {
                server = HttpServer.create(address, 0);
            } else {
                HttpsServer secured = HttpsServer.create(address, 0);
                secured.setHttpsConfigurator(new HttpsConfigurator(tls));
                server = secured;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::take);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    /** Chooses the status of an answer, and may set its headers. */
    @FunctionalInterface
    public interface Answer {
        int to(HttpExchange exchange) throws IOException, InterruptedException;
    }

    /** One request. */
    public record Received(String path, Headers headers, byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        received.add(new Received(exchange.getRequestURI().getPath(), exchange.getRequestHeaders(), body));
        try {
            exchange.sendResponseHeaders(answer.to(exchange), -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    public String url(String path) {
        return (server instanceof HttpsServer ? "https" : "http") + "://127.0.0.1:"
                + server.getAddress().getPort() + path;
    }

    public void answer(Answer next) {
        answer = next;
    }

    /** In the order of their arrival. */
    public List<Received> received(String path) {
        return received.stream().filter(one -> one.path().equals(path)).toList();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
