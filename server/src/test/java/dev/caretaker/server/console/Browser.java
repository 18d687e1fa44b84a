package dev.caretaker.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** A browser without scripts: it follows links, posts forms and keeps one cookie. */
final class Browser {
    private final HttpClient http;
    private final String origin;
    private String cookie = "";

    Browser(ConsoleServer server) {
        this("http://" + server.address(), HttpClient.newHttpClient());
    }

    Browser(String origin, HttpClient http) {
        this.origin = origin;
        this.http = http;
    }

    /** One that is signed in. */
    static Browser signedIn(ConsoleServer server) {
        Browser browser = new Browser(server);
        Page page = browser.post("/console/sign-in", Map.of("token", ConsoleServer.TOKEN));
        assertThat(page.location()).as("where one comes to after signing in").contains("begun");
        return browser;
    }

    /** What was answered, without following where it leads. */
    record Page(int status, Map<String, String> headers, String body) {
        Document html() {
            return Jsoup.parse(body);
        }

        String location() {
            return headers.getOrDefault("location", "");
        }
    }

    Page get(String path) {
        return send(request(path).GET());
    }

    Page get(String path, Map<String, String> headers) {
        HttpRequest.Builder request = request(path).GET();
        headers.forEach(request::header);
        return send(request);
    }

    Page ask(String method, String path) {
        return send(request(path).method(method, BodyPublishers.noBody()));
    }

    Page post(String path, Map<String, String> fields) {
        return post(path, fields, Map.of());
    }

    Page post(String path, Map<String, String> fields, Map<String, String> headers) {
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(encoded(fields)));
        headers.forEach(request::header);
        return send(request);
    }

    /** Posts a form of a page as it is, but for these fields. */
    Page submit(Document page, String action, Map<String, String> fields) {
        Element form = Optional.ofNullable(page.selectFirst("form[action='" + action + "']"))
                .orElseThrow(() -> new AssertionError("no form of " + action + " in " + page.title()));
        Map<String, String> all = new LinkedHashMap<>();
        form.select("input[type=hidden]").forEach(input -> all.put(input.attr("name"), input.val()));
        all.putAll(fields);
        return post(action, all);
    }

    /** Where it goes on to; of pages of the console only. */
    Page follow(Page page) {
        assertThat(page.status()).as(page.body()).isEqualTo(303);
        return get(page.location());
    }

    /** What is sent as long as nobody closes it. */
    InputStream open(String path) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = http.send(request(path).GET().build(), BodyHandlers.ofInputStream());
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
        return answer.body();
    }

    String cookie() {
        return cookie;
    }

    void cookie(String other) {
        cookie = other;
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin + path));
        return cookie.isEmpty() ? request : request.header("Cookie", cookie);
    }

    private Page send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            answer.headers().firstValue("Set-Cookie").ifPresent(set -> cookie = set.substring(0, set.indexOf(';')));
            Map<String, String> headers = answer.headers().map().entrySet().stream()
                    .collect(Collectors.toMap(
                            header -> header.getKey().toLowerCase(Locale.ROOT),
                            header -> String.join(", ", header.getValue())));
            return new Page(answer.statusCode(), headers, answer.body());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String encoded(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> URLEncoder.encode(field.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
