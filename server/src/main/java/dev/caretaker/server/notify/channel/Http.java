package dev.caretaker.server.notify.channel;

import dev.caretaker.server.config.ChannelConfig.Receiver;
import dev.caretaker.server.config.ConfigException;
import dev.caretaker.server.config.NotificationsReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One request of HTTP/1.1 on a connection of its own: the JDK's client looks names up by itself, and would not go to the
 * address that was looked at. Redirects are not followed, and the body of an answer is not read.
 */
final class Http {
    private static final int MOST_HEADERS = 16 * 1024;
    private static final Duration LONGEST_REST = Duration.ofDays(1);
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([2-5]\\d\\d)(?: .*)?");

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
        boolean secure = "https".equalsIgnoreCase(url.getScheme());
        int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
        Peer peer = new Peer(url.getHost(), port, Reach.of(receiver.allowPrivate()), receiver.timeout());
        judge(peer.call(socket -> {
            if (!secure) {
                return exchange(socket, url, method, headers, body);
            }
            try (Socket tls = Trust.secured(socket, url.getHost(), receiver.authority())) {
                return exchange(tls, url, method, headers, body);
            }
        }));
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
        String[] lines = answer.split("\r?\n", -1);
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
            throw NotDeliveredException.gone("the answer is 410: the receiver is gone");
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
}
