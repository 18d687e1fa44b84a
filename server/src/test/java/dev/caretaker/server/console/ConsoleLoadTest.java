package dev.caretaker.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.v1.PauseRunRequest;
import dev.caretaker.v1.Run;
import dev.caretaker.v1.RunEvent;
import dev.caretaker.v1.RunServiceGrpc;
import dev.caretaker.v1.RunState;
import dev.caretaker.v1.WatchRunRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Many targets, and many who watch one run. How many bytes go over the wire and that everybody is told is judged; how long it
 * takes is told, best by {@code mvn -pl proto,server test -Dtest=ConsoleLoadTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dcaretaker.console.measure=true}, which loads more pages.
 */
class ConsoleLoadTest {
    private static final int TARGETS = 100;
    private static final int WATCHERS = 200;
    private static final int PAGES = Boolean.getBoolean("caretaker.console.measure") ? 60 : 4;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void the_first_page_with_a_hundred_targets_takes_little_of_the_wire() throws Exception {
        try (ConsoleServer server = ConsoleServer.start(HostileDatabase.make(), targets())) {
            List<Long> times = new ArrayList<>();
            int bytes = 0;
            for (int i = 0; i < PAGES; i++) {
                long begin = System.nanoTime();
                byte[] page = get(server, "/console/");
                times.add((System.nanoTime() - begin) / 1_000_000);
                bytes = page.length;
            }
            String html = new Browser(server).get("/console/").body();
            int assets = 0;
            for (String asset :
                    new String[] {"console.css", "console.js", "htmx.min.js", "htmx-sse.min.js", "icon.svg"}) {
                String path = html.replaceAll("(?s).*\"(/console/assets/[0-9a-f]+/)" + asset + "\".*", "$1") + asset;
                assets += get(server, path).length;
            }
            System.out.printf(
                    "First page with %d targets: the first %d ms, then median %d ms, slowest %d ms; %d bytes, and %d of assets%n",
                    TARGETS,
                    times.getFirst(),
                    times.subList(1, PAGES).stream().sorted().toList().get(PAGES / 2),
                    times.subList(1, PAGES).stream()
                            .mapToLong(Long::longValue)
                            .max()
                            .orElse(0),
                    bytes,
                    assets);
            assertThat(bytes + assets).isLessThan(150_000);
        }
    }

    @Test
    void two_hundred_who_watch_one_run_are_all_told_of_an_event() throws Exception {
        try (ConsoleServer server = ConsoleServer.start(HostileDatabase.make(), Map.of())) {
            Run run = HostileScene.bare(server).slowRun("watched");
            CountDownLatch ready = new CountDownLatch(WATCHERS);
            ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
            try {
                List<Future<Long>> seen = new ArrayList<>();
                for (int i = 0; i < WATCHERS; i++) {
                    seen.add(threads.submit(() -> watch(server, run, ready)));
                }
                assertThat(ready.await(2, TimeUnit.MINUTES))
                        .as("all are served")
                        .isTrue();
                RunServiceGrpc.newBlockingStub(server.channel())
                        .pauseRun(PauseRunRequest.newBuilder()
                                .setRequestId(UUID.randomUUID().toString())
                                .setRunId(run.getRunId())
                                .setReason("to measure")
                                .build());
                long happened = paused(server, run);
                long last = 0;
                for (Future<Long> one : seen) {
                    last = Math.max(last, one.get(2, TimeUnit.MINUTES));
                }
                System.out.printf("The last of %d watchers saw an event %d ms after it%n", WATCHERS, last - happened);
            } finally {
                threads.shutdownNow();
            }
            HostileScene.bare(server).cancel(run.getRunId());
        }
    }

    /** When it saw the pause, in milliseconds since 1970. Like a browser it asks again where it was not served. */
    private long watch(ConsoleServer server, Run run, CountDownLatch ready) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(server, "/console/runs/" + run.getRunId() + "/events"))
                .build();
        boolean counted = false;
        while (true) {
            HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (!counted && line.equals("event: log")) {
                        counted = true;
                        ready.countDown();
                    }
                    if (line.contains("Now paused")) {
                        return System.currentTimeMillis();
                    }
                }
            }
        }
    }

    private static long paused(ConsoleServer server, Run run) {
        var events = RunServiceGrpc.newBlockingStub(server.channel())
                .watchRun(WatchRunRequest.newBuilder().setRunId(run.getRunId()).build());
        while (events.hasNext()) {
            RunEvent event = events.next().getEvent();
            if (event.getStateChanged().getTo() == RunState.RUN_STATE_PAUSED) {
                return Timestamps.toMillis(event.getTime());
            }
        }
        throw new AssertionError("it was not paused");
    }

    private byte[] get(ConsoleServer server, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(server, path))
                .header("Accept-Encoding", "gzip")
                .build();
        return http.send(request, BodyHandlers.ofByteArray()).body();
    }

    private static URI uri(ConsoleServer server, String path) {
        return URI.create("http://" + server.address() + path);
    }

    private static Map<String, Object> targets() {
        Database database = HostileDatabase.make();
        Map<String, Object> more = new HashMap<>();
        for (int i = 1; i < TARGETS; i++) {
            String target = "caretaker.targets.t%02d.".formatted(i);
            more.put(target + "url", database.url());
            more.put(target + "user", database.user());
            more.put(target + "password", database.password());
        }
        return more;
    }
}
