package dev.caretaker.server.console.page;

import dev.caretaker.server.console.page.Looks.Look;
import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.Pages;
import dev.caretaker.server.console.web.Reply;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.console.web.Routes;
import dev.caretaker.server.console.web.Section;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** All targets by name, of which the first page has the worst only where there are many. Those of a page are looked at. */
@Singleton
final class TargetListPages implements Pages {
    private static final int PAGE = 100;
    private static final Duration PATIENCE = Duration.ofMillis(80);

    private final Looks looks;

    TargetListPages(Looks looks) {
        this.looks = looks;
    }

    @Override
    public void add(Routes routes) {
        routes.get("/targets", this::list);
    }

    private Reply list(Request request) {
        Api api = request.api();
        String name = request.query("name").strip();
        String after = request.query("after");
        List<String> meant = Targets.names(api).stream()
                .filter(target -> target.toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT)))
                .sorted()
                .toList();
        List<String> rest =
                meant.stream().filter(target -> target.compareTo(after) > 0).toList();
        List<String> page = rest.subList(0, Math.min(rest.size(), PAGE));
        Map<String, Look> known = looks.of(api, page, PATIENCE);
        TargetsView view = new TargetsView(
                name,
                meant.size(),
                page.stream()
                        .map(target -> TargetLine.of(target, Optional.ofNullable(known.get(target))))
                        .toList(),
                page.size() - known.size(),
                after,
                rest.size() > PAGE ? page.getLast() : "");
        return request.livePage(Section.OVERVIEW, "Targets", view.looking() > 0 ? 3 : 30, "targets.jte", view);
    }
}
