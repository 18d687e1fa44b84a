package dev.caretaker.server.console.page;

import dev.caretaker.server.console.page.Looks.Look;
import dev.caretaker.server.console.web.Api;
import dev.caretaker.server.console.web.BadRequest;
import dev.caretaker.server.console.web.Pages;
import dev.caretaker.server.console.web.Reply;
import dev.caretaker.server.console.web.Request;
import dev.caretaker.server.console.web.Routes;
import dev.caretaker.server.console.web.Section;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All targets, of which the first page has the worst only where there are many. By name those of a page are looked at; to know which
 * are the worst, all are.
 */
@Singleton
final class TargetListPages implements Pages {
    private static final int PAGE = 100;

    private final Looks looks;
    private final Clock clock;

    TargetListPages(Looks looks, Clock clock) {
        this.looks = looks;
        this.clock = clock;
    }

    @Override
    public void add(Routes routes) {
        routes.get("/targets", this::list);
    }

    private Reply list(Request request) {
        Api api = request.api();
        String name = request.query("name").strip();
        String sort = request.query("sort");
        if (!sort.isEmpty() && !sort.equals(TargetsView.WORST)) {
            throw new BadRequest("sort has to be " + TargetsView.WORST + ", or to be left out.");
        }
        String after = request.query("after");
        int from = ListPart.from(request);
        List<String> meant = Targets.names(api).stream()
                .filter(target -> target.toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT)))
                .sorted()
                .toList();
        TargetsView view = sort.isEmpty() ? byName(api, name, meant, after) : worstFirst(api, name, meant, from);
        return request.page(Section.TARGETS, "Targets", "targets.jte", view);
    }

    private TargetsView byName(Api api, String name, List<String> meant, String after) {
        List<String> rest =
                meant.stream().filter(target -> target.compareTo(after) > 0).toList();
        List<String> page = rest.subList(0, Math.min(rest.size(), PAGE));
        Map<String, Look> known = looks.of(api, page, Looks.A_MOMENT);
        return new TargetsView(
                name,
                "",
                meant.size(),
                TargetLine.of(page, known, clock.instant()),
                page.size() - known.size(),
                after,
                rest.size() > PAGE ? page.getLast() : "");
    }

    private TargetsView worstFirst(Api api, String name, List<String> meant, int from) {
        Map<String, Look> known = looks.of(api, meant, Looks.A_MOMENT);
        return new TargetsView(
                name,
                TargetsView.WORST,
                meant.size(),
                TargetLine.worstFirst(meant, known, clock.instant()).stream()
                        .skip(from)
                        .limit(PAGE)
                        .toList(),
                meant.size() - known.size(),
                from == 0 ? "" : Integer.toString(from),
                meant.size() - PAGE > from ? Integer.toString(from + PAGE) : "");
    }
}
