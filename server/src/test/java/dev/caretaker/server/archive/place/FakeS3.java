package dev.caretaker.server.archive.place;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.zip.CRC32;

/**
 * A bucket in memory that takes conditions and checksums seriously, as embeddable servers do not, and that fails to order. Paths
 * are /bucket/key. What it knows of S3 is what {@link S3Store} needs.
 */
public final class FakeS3 implements AutoCloseable {
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Stored> objects = new TreeMap<>();
    private final Map<String, Upload> uploads = new TreeMap<>();
    private int mostUploads = 1_000;
    private final Deque<Fault> faults = new ConcurrentLinkedDeque<>();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private volatile Optional<String> accessKey = Optional.empty();
    private volatile Map<String, String> wanted = Map.of();

    public FakeS3() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private record Stored(byte[] bytes, Map<String, String> metadata, Instant changed) {}

    private record Upload(String key, Map<String, String> metadata, TreeMap<Integer, byte[]> parts, Instant begun) {}

    private record Fault(Predicate<String> request, Kind kind, int status, String code) {}

    /** What goes wrong. */
    public enum Kind {
        /** An error, before anything happens. */
        ANSWER,
        /** The connection ends in the middle of what is sent or taken; nothing happens. */
        RESET,
        /** It happens, and the connection ends before the answer. */
        LOST,
        /** It takes half a second. */
        SLOW
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /**
     * The next request of that kind meets this fault, once.
     *
     * @param request begin of "METHOD key?query", for example "PUT orders/"
     */
    public void fault(String request, Kind kind, int status, String code) {
        faults.add(new Fault(asked -> asked.startsWith(request), kind, status, code));
    }

    /** The same many times. */
    public void faults(int times, String request, Kind kind, int status, String code) {
        for (int i = 0; i < times; i++) {
            fault(request, kind, status, code);
        }
    }

    /** From now on only requests signed with this access key are answered: what others have is expired. */
    public void acceptOnly(String key) {
        accessKey = Optional.of(key);
    }

    /** From now on only what comes with these headers is taken, as by a policy of the bucket. */
    public void takeOnly(Map<String, String> headers) {
        wanted = Map.copyOf(headers);
    }

    public void heal() {
        faults.clear();
    }

    /** Requests so far, as "METHOD key?query". */
    public List<String> log() {
        return log;
    }

    public synchronized List<String> keys() {
        return List.copyOf(objects.keySet());
    }

    public synchronized byte[] bytes(String key) {
        return objects.get(key).bytes();
    }

    /** Somebody else changes what is there. */
    public synchronized void overwrite(String key, byte[] bytes) {
        Map<String, String> metadata =
                objects.containsKey(key) ? objects.get(key).metadata() : Map.of();
        objects.put(key, new Stored(bytes, metadata, Instant.now()));
    }

    public synchronized void remove(String key) {
        objects.remove(key);
    }

    public synchronized int unfinishedUploads() {
        return uploads.size();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            int slash = path.indexOf('/', 1);
            String key = slash < 0 ? "" : path.substring(slash + 1);
            Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
            String asked = exchange.getRequestMethod() + " " + key
                    + (query.isEmpty() ? "" : "?" + String.join("&", query.keySet()));
            log.add(asked);
            Optional<Fault> fault = faults.stream()
                    .filter(candidate -> candidate.request().test(asked))
                    .findFirst();
            fault.ifPresent(faults::remove);
            Kind kind = fault.map(Fault::kind).orElse(null);
            if (kind == Kind.SLOW) {
                Thread.sleep(500);
            }
            if (kind == Kind.RESET && !exchange.getRequestMethod().equals("GET")) {
                exchange.getRequestBody().readNBytes(1_000);
                return;
            }
            Map<String, String> trailers = new HashMap<>();
            byte[] body = body(exchange, trailers);
            Answer answer = kind == Kind.ANSWER
                    ? Answer.error(fault.get().status(), fault.get().code())
                    : answer(new Request(exchange, trailers), key, query, body);
            if (kind != Kind.LOST) {
                send(exchange, answer, kind == Kind.RESET);
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            log.add("broken: " + e);
        }
    }

    private static Map<String, String> query(String raw) {
        Map<String, String> query = new TreeMap<>();
        if (raw != null) {
            for (String pair : raw.split("&")) {
                String[] both = pair.split("=", 2);
                query.put(both[0], both.length < 2 ? "" : URLDecoder.decode(both[1], StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    /** Headers, and those that come after the body. */
    private record Request(HttpExchange exchange, Map<String, String> trailers) {
        String header(String name) {
            String trailer = trailers.get(name.toLowerCase(Locale.ROOT));
            return trailer == null ? exchange.getRequestHeaders().getFirst(name) : trailer;
        }

        String method() {
            return exchange.getRequestMethod();
        }
    }

    private static byte[] body(HttpExchange exchange, Map<String, String> trailers) throws IOException {
        byte[] sent = exchange.getRequestBody().readAllBytes();
        String hash = String.valueOf(exchange.getRequestHeaders().getFirst("x-amz-content-sha256"));
        return hash.startsWith("STREAMING") ? unchunked(sent, trailers) : sent;
    }

    /** aws-chunked: sizes in hexadecimal, with signatures, and headers at the end. */
    private static byte[] unchunked(byte[] sent, Map<String, String> trailers) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        int at = 0;
        while (at < sent.length) {
            int end = lineEnd(sent, at);
            String line = new String(sent, at, end - at, StandardCharsets.US_ASCII);
            int size = Integer.parseInt(line.split(";")[0], 16);
            at = end + 2;
            if (size == 0) {
                trailers(sent, at, trailers);
                break;
            }
            plain.write(sent, at, size);
            at += size + 2;
        }
        return plain.toByteArray();
    }

    private static void trailers(byte[] sent, int from, Map<String, String> trailers) {
        int at = from;
        while (at < sent.length) {
            int end = lineEnd(sent, at);
            String[] header = new String(sent, at, end - at, StandardCharsets.US_ASCII).split(":", 2);
            if (header.length == 2) {
                trailers.put(header[0].strip().toLowerCase(Locale.ROOT), header[1].strip());
            }
            at = end + 2;
        }
    }

    private static int lineEnd(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != '\r') {
            at++;
        }
        return at;
    }

    private record Answer(int status, Map<String, String> headers, byte[] body) {
        static Answer error(int status, String code) {
            return new Answer(
                    status,
                    Map.of("Content-Type", "application/xml"),
                    ("<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>ordered</Message></Error>")
                            .getBytes(StandardCharsets.UTF_8));
        }

        static Answer xml(String text) {
            return new Answer(
                    200,
                    Map.of("Content-Type", "application/xml"),
                    ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + text).getBytes(StandardCharsets.UTF_8));
        }

        static Answer empty(int status, Map<String, String> headers) {
            return new Answer(status, headers, new byte[0]);
        }
    }

    private static void send(HttpExchange exchange, Answer answer, boolean cutOff) throws IOException {
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
        if (answer.body().length > 0) {
            int length = cutOff ? answer.body().length / 2 : answer.body().length;
            exchange.getResponseBody().write(answer.body(), 0, length);
            exchange.getResponseBody().flush();
        }
    }

    private synchronized Answer answer(Request exchange, String key, Map<String, String> query, byte[] body) {
        String signed = exchange.header("Authorization");
        if (signed == null) {
            return Answer.error(403, "AccessDenied");
        }
        if (accessKey
                .filter(wanted -> !signed.contains("Credential=" + wanted + "/"))
                .isPresent()) {
            return Answer.error(403, "ExpiredToken");
        }
        return switch (exchange.method()) {
            case "PUT" -> query.containsKey("uploadId") ? putPart(exchange, query, body) : put(exchange, key, body);
            case "POST" -> query.containsKey("uploads") ? begin(exchange, key) : complete(exchange, key, query);
            case "DELETE" -> remove(key, query);
            case "GET" -> query.containsKey("uploads") ? listUploads(query) : key.isEmpty() ? list(query) : get(key);
            case "HEAD" -> get(key);
            default -> Answer.error(405, "MethodNotAllowed");
        };
    }

    private static Optional<Answer> refused(Request exchange, byte[] body) {
        String crc = exchange.header("x-amz-checksum-crc32");
        if (crc != null && !crc.equals(crc32(body))) {
            return Optional.of(Answer.error(400, "BadDigest"));
        }
        String sha = exchange.header("x-amz-decoded-content-length");
        return sha != null && Long.parseLong(sha) != body.length
                ? Optional.of(Answer.error(400, "IncompleteBody"))
                : Optional.empty();
    }

    private static String crc32(byte[] body) {
        CRC32 crc = new CRC32();
        crc.update(body);
        int value = (int) crc.getValue();
        return Base64.getEncoder()
                .encodeToString(
                        new byte[] {(byte) (value >>> 24), (byte) (value >>> 16), (byte) (value >>> 8), (byte) value});
    }

    private static Map<String, String> metadata(Request exchange) {
        Map<String, String> metadata = new HashMap<>();
        exchange.exchange().getRequestHeaders().forEach((name, values) -> {
            if (name.toLowerCase(Locale.ROOT).startsWith("x-amz-meta-")) {
                metadata.put(name.toLowerCase(Locale.ROOT), values.getFirst());
            }
        });
        return metadata;
    }

    private Optional<Answer> isThere(Request exchange, String key) {
        boolean condition = "*".equals(exchange.header("If-None-Match"));
        return condition && objects.containsKey(key)
                ? Optional.of(Answer.error(412, "PreconditionFailed"))
                : Optional.empty();
    }

    private Answer put(Request exchange, String key, byte[] body) {
        return unwanted(exchange)
                .or(() -> refused(exchange, body))
                .or(() -> isThere(exchange, key))
                .orElseGet(() -> {
                    objects.put(key, new Stored(body, metadata(exchange), Instant.now()));
                    return Answer.empty(200, Map.of("ETag", "\"e\""));
                });
    }

    private Optional<Answer> unwanted(Request exchange) {
        return wanted.entrySet().stream().allMatch(header -> header.getValue().equals(exchange.header(header.getKey())))
                ? Optional.empty()
                : Optional.of(Answer.error(403, "AccessDenied"));
    }

    private Answer begin(Request exchange, String key) {
        Optional<Answer> unwanted = unwanted(exchange);
        if (unwanted.isPresent()) {
            return unwanted.get();
        }
        String id = UUID.randomUUID().toString();
        uploads.put(id, new Upload(key, metadata(exchange), new TreeMap<>(), Instant.now()));
        return Answer.xml("<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>" + key + "</Key><UploadId>" + id
                + "</UploadId></InitiateMultipartUploadResult>");
    }

    private Answer putPart(Request exchange, Map<String, String> query, byte[] body) {
        Upload upload = uploads.get(query.get("uploadId"));
        if (upload == null) {
            return Answer.error(404, "NoSuchUpload");
        }
        return refused(exchange, body).orElseGet(() -> {
            upload.parts().put(Integer.parseInt(query.get("partNumber")), body);
            return Answer.empty(200, Map.of("ETag", "\"p\"", "x-amz-checksum-crc32", crc32(body)));
        });
    }

    private Answer complete(Request exchange, String key, Map<String, String> query) {
        Upload upload = uploads.get(query.get("uploadId"));
        if (upload == null) {
            return Answer.error(404, "NoSuchUpload");
        }
        Optional<Answer> there = isThere(exchange, key);
        if (there.isPresent()) {
            return there.get();
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        upload.parts().values().forEach(whole::writeBytes);
        objects.put(key, new Stored(whole.toByteArray(), upload.metadata(), Instant.now()));
        uploads.remove(query.get("uploadId"));
        return Answer.xml("<CompleteMultipartUploadResult><Key>" + key
                + "</Key><ETag>\"e\"</ETag></CompleteMultipartUploadResult>");
    }

    private Answer remove(String key, Map<String, String> query) {
        if (query.containsKey("uploadId")) {
            uploads.remove(query.get("uploadId"));
        } else {
            objects.remove(key);
        }
        return Answer.empty(204, Map.of());
    }

    private Answer get(String key) {
        Stored stored = objects.get(key);
        if (stored == null) {
            return Answer.error(404, "NoSuchKey");
        }
        Map<String, String> headers = new HashMap<>(stored.metadata());
        headers.put("ETag", "\"e\"");
        headers.put("Last-Modified", HTTP_DATE.format(stored.changed()));
        headers.put("Content-Length", Integer.toString(stored.bytes().length));
        return new Answer(200, headers, Arrays.copyOf(stored.bytes(), stored.bytes().length));
    }

    private Answer list(Map<String, String> query) {
        String prefix = query.getOrDefault("prefix", "");
        String after = query.getOrDefault("start-after", "");
        int most = Integer.parseInt(query.getOrDefault("max-keys", "1000"));
        List<Map.Entry<String, Stored>> found = objects.entrySet().stream()
                .filter(entry ->
                        entry.getKey().startsWith(prefix) && entry.getKey().compareTo(after) > 0)
                .toList();
        StringBuilder xml =
                new StringBuilder("<ListBucketResult><IsTruncated>" + (found.size() > most) + "</IsTruncated>");
        found.stream()
                .limit(most)
                .forEach(entry -> xml.append("<Contents><Key>")
                        .append(entry.getKey())
                        .append("</Key><LastModified>")
                        .append(entry.getValue().changed())
                        .append("</LastModified><Size>")
                        .append(entry.getValue().bytes().length)
                        .append("</Size></Contents>"));
        return Answer.xml(xml.append("</ListBucketResult>").toString());
    }

    /** How many uploads an answer names at most. */
    void mostUploads(int most) {
        mostUploads = most;
    }

    private Answer listUploads(Map<String, String> query) {
        String prefix = query.getOrDefault("prefix", "");
        String after = query.getOrDefault("key-marker", "") + ' ' + query.getOrDefault("upload-id-marker", "");
        int most = Math.min(mostUploads, Integer.parseInt(query.getOrDefault("max-uploads", "1000")));
        Map<String, String> found = new TreeMap<>();
        uploads.forEach((id, upload) -> {
            String place = upload.key() + ' ' + id;
            if (upload.key().startsWith(prefix) && place.compareTo(after) > 0) {
                found.put(
                        place,
                        "<Upload><Key>" + upload.key() + "</Key><UploadId>" + id + "</UploadId><Initiated>"
                                + upload.begun() + "</Initiated></Upload>");
            }
        });
        StringBuilder xml = new StringBuilder(
                "<ListMultipartUploadsResult><IsTruncated>" + (found.size() > most) + "</IsTruncated>");
        found.values().stream().limit(most).forEach(xml::append);
        return Answer.xml(xml.append("</ListMultipartUploadsResult>").toString());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
