package dev.caretaker.server.console.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which page answers which path. */
public final class Routes {
    private final List<Route> routes = new ArrayList<>();

    /** Answers a request. */
    @FunctionalInterface
    public interface Page {
        /** @throws io.grpc.StatusRuntimeException what the API refused, which is told as it is */
        Reply answer(Request request);
    }

    /** @param variables what stood in the place of names in braces */
    record Match(Page page, Map<String, String> variables) {}

    private record Route(boolean post, List<String> segments, Page page) {
        Optional<Match> match(boolean posted, List<String> path) {
            if (posted != post || path.size() != segments.size()) {
                return Optional.empty();
            }
            Map<String, String> variables = new HashMap<>();
            for (int i = 0; i < path.size(); i++) {
                String expected = segments.get(i);
                if (expected.startsWith("{")) {
                    variables.put(expected.substring(1, expected.length() - 1), path.get(i));
                } else if (!expected.equals(path.get(i))) {
                    return Optional.empty();
                }
            }
            return Optional.of(new Match(page, variables));
        }
    }

    /** @param path below that of the console, such as {@code /runs/{run}} */
    public void get(String path, Page page) {
        routes.add(new Route(false, segments(path), page));
    }

    /** What changes something: only forms of the console reach it, and only where it may write. */
    public void post(String path, Page page) {
        routes.add(new Route(true, segments(path), page));
    }

    /** The first that fits. */
    Optional<Match> find(boolean post, List<String> path) {
        return routes.stream()
                .flatMap(route -> route.match(post, path).stream())
                .findFirst();
    }

    /** Paths that GET answers, as they were added. */
    List<String> pages() {
        return routes.stream()
                .filter(route -> !route.post())
                .map(route -> "/" + String.join("/", route.segments()))
                .toList();
    }

    /** Whether the path would be answered to the other method. */
    boolean knows(List<String> path) {
        return routes.stream().anyMatch(route -> route.match(route.post(), path).isPresent());
    }

    static List<String> segments(String path) {
        return List.of(path.substring(1).split("/", -1));
    }
}
