package dev.caretaker.server.notify.channel;

import dev.caretaker.server.config.ChannelConfig.Receiver;
import dev.caretaker.server.config.ConfigException;
import dev.caretaker.server.config.NotificationsReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One request of HTTP/1.1 on a connection of its own, to the very address that was looked at: the JDK's client looks names up
 * by itself, so that what a name means could change between the look and the connection. Redirects are not followed, the
 * body of an answer is not read, and all of it together takes no longer than the receiver's timeout.
 */
final class Http {
    private static final int MOST_HEADERS = 16 * 1024;
    private static final Duration LONGEST_REST = Duration.ofDays(1);
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([2-5]\\d\\d)(?: .*)?");
    private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();

    private final Receiver receiver;

    Http(Receiver receiver) {
        this.receiver = receiver;
    }

    /**
     * Sends a request.
     *
     * @throws NotDeliveredException if the answer is not one of success
     */
    void send(String method, Map<String, String> headers, byte[] body) throws NotDeliveredException {
        URI url = url();
        AtomicReference<Socket> open = new AtomicReference<>();
        Future<String> exchange = THREADS.submit(() -> exchange(url, method, headers, body, open));
        try {
            judge(exchange.get(receiver.timeout().toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            throw NotDeliveredException.forNow(
                    "no answer within " + receiver.timeout().toMillis() + " ms");
        } catch (ExecutionException e) {
            throw told(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw NotDeliveredException.forNow("this server is being stopped");
        } finally {
            exchange.cancel(true);
            close(open.get());
        }
    }

    private URI url() throws NotDeliveredException {
        try {
            String text = receiver.url().reveal().strip();
            Optional<String> problem = NotificationsReader.problem(text);
            if (problem.isPresent()) {
                throw NotDeliveredException.forNow("the URL " + problem.get());
            }
            return URI.create(text);
        } catch (ConfigException e) {
            throw NotDeliveredException.forNow(e.getMessage());
        }
    }

    private String exchange(
            URI url, String method, Map<String, String> headers, byte[] body, AtomicReference<Socket> open)
            throws IOException, NotDeliveredException {
        boolean secure = "https".equalsIgnoreCase(url.getScheme());
        int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
        InetSocketAddress address = new InetSocketAddress(allowed(url.getHost()), port);
        try (Socket plain = new Socket()) {
            open.set(plain);
            plain.connect(address, (int) receiver.timeout().toMillis());
            if (!secure) {
                return exchange(plain, url, method, headers, body);
            }
            try (Socket tls = secured(plain, url.getHost(), port)) {
                return exchange(tls, url, method, headers, body);
            }
        }
    }

    private InetAddress allowed(String host) throws IOException, NotDeliveredException {
        InetAddress[] all = InetAddress.getAllByName(host);
        Optional<InetAddress> allowed = Arrays.stream(all)
                .filter(address -> receiver.allowPrivate() || Addresses.isPublic(address))
                .findFirst();
        return allowed.orElseThrow(() -> NotDeliveredException.forGood("the receiver has no public address: "
                + all[0].getHostAddress() + "; allow-private of the channel would allow it"));
    }

    private static Socket secured(Socket plain, String host, int port) throws IOException {
        SSLSocket tls = (SSLSocket) ((SSLSocketFactory) SSLSocketFactory.getDefault())
                .createSocket(plain, host.replaceAll("[\\[\\]]", ""), port, true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    private static String exchange(Socket socket, URI url, String method, Map<String, String> headers, byte[] body)
            throws IOException {
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        StringBuilder head = new StringBuilder(method + " " + path);
        if (url.getRawQuery() != null) {
            head.append('?').append(url.getRawQuery());
        }
        head.append(" HTTP/1.1\r\nHost: ").append(url.getHost());
        if (url.getPort() >= 0) {
            head.append(':').append(url.getPort());
        }
        head.append("\r\nUser-Agent: Caretaker\r\nConnection: close\r\nContent-Length: ")
                .append(body.length)
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        OutputStream out = socket.getOutputStream();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        all.writeBytes(body);
        out.write(all.toByteArray());
        out.flush();
        return headers(socket.getInputStream());
    }

    /** Up to the empty line. */
    private static String headers(InputStream in) throws IOException {
        StringBuilder read = new StringBuilder();
        for (int next = in.read(); next >= 0 && read.length() < MOST_HEADERS; next = in.read()) {
            read.append((char) next);
            if (next == '\n'
                    && (read.toString().endsWith("\r\n\r\n") || read.toString().endsWith("\n\n"))) {
                break;
            }
        }
        return read.toString();
    }

    private static void judge(String answer) throws NotDeliveredException {
        String[] lines = answer.split("\r?\n");
        Matcher status = STATUS.matcher(lines[0]);
        if (!status.matches()) {
            throw NotDeliveredException.forNow("the answer is not one of HTTP");
        }
        int code = Integer.parseInt(status.group(1));
        if (code < 300) {
            return;
        }
        if (code < 400) {
            throw NotDeliveredException.forNow("the answer is " + code + "; redirects are not followed");
        }
        if (code == 410) {
            throw NotDeliveredException.forGood("the answer is 410: the receiver is gone");
        }
        throw NotDeliveredException.forNow("the answer is " + code, rest(lines));
    }

    private static Optional<Duration> rest(String[] lines) {
        return Arrays.stream(lines)
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("retry-after:"))
                .findFirst()
                .flatMap(line -> rest(line.substring(line.indexOf(':') + 1).strip()))
                .filter(rest -> !rest.isNegative())
                .map(rest -> rest.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : rest);
    }

    /** Seconds, or a date. */
    private static Optional<Duration> rest(String text) {
        try {
            return Optional.of(
                    text.matches("\\d{1,9}")
                            ? Duration.ofSeconds(Long.parseLong(text))
                            : Duration.between(
                                    Instant.now(), ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static NotDeliveredException told(Throwable cause) {
        return switch (cause) {
            case NotDeliveredException known -> known;
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
