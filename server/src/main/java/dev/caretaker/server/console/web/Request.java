package dev.caretaker.server.console.web;

import dev.caretaker.server.api.security.BrowserSessions.Session;
import dev.caretaker.server.console.web.Frame.Access;
import dev.caretaker.server.report.page.Show;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a browser asks for, and as whom. */
public final class Request {
    /** What a form names its request id. */
    static final String REQUEST_ID = "request-id";
    /** The actor of one who said no name. */
    private static final String NAMELESS = "console";
    /** Names of parameters that are told, and characters of each. */
    private static final int MOST_IGNORED = 3;

    private static final int LONGEST_NAME = 40;

    private final String path;
    private final Map<String, String> variables;
    private final Fields query;
    private final Fields form;
    private final Optional<Session> session;
    private final Access access;
    private final Api api;
    private final Templates templates;
    private final String formToken;
    private final String peer;
    private final ZoneId zone;
    /** Parameters of the address that the page knows. */
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    Request(
            String path,
            Map<String, String> variables,
            Fields query,
            Fields form,
            Optional<Session> session,
            Access access,
            Api api,
            Templates templates,
            String formToken,
            String peer,
            ZoneId zone) {
        this.path = path;
        this.variables = variables;
        this.query = query;
        this.form = form;
        this.session = session;
        this.access = access;
        this.api = api;
        this.templates = templates;
        this.formToken = formToken;
        this.peer = peer;
        this.zone = zone;
    }

    /** The services, called as this user. */
    public Api api() {
        return api;
    }

    /** Who asks, for requests of the API: a proven name goes before it there. */
    public String actor() {
        return session.map(Session::name).filter(name -> !name.isEmpty()).orElse(NAMELESS);
    }

    /** What stood in the path where the route has a name in braces. */
    public String variable(String name) {
        return variables.get(name);
    }

    /** A parameter of the address; empty if it is not there. */
    public String query(String name) {
        asked.add(name);
        return query.first(name).orElse("");
    }

    /**
     * The zone whose days a page tells: of its address, else as the script of this browser says, else UTC.
     *
     * @throws BadRequest if the address names none that is known here
     */
    public ZoneId zone() {
        String named = query("zone");
        try {
            return named.isEmpty() ? zone : ZoneId.of(named);
        } catch (DateTimeException e) {
            throw new BadRequest("There is no time zone '" + named + "'.");
        }
    }

    /** Whether something is to be looked at now, which takes its time: then the page goes on to the same address without that. */
    public boolean isToLook() {
        return !query("look").isEmpty();
    }

    /** A field of the form, without blanks around it; empty if it is not there. */
    public String field(String name) {
        return form.first(name).orElse("").strip();
    }

    /** A field of many lines, as it is. */
    public String text(String name) {
        return form.first(name).orElse("");
    }

    /** All values of a field that may be there more than once. */
    public List<String> fields(String name) {
        return form.all(name);
    }

    public boolean isChecked(String name) {
        return form.first(name).isPresent();
    }

    /** Of the form: the same for a form that is sent twice. */
    public String requestId() {
        try {
            return UUID.fromString(field(REQUEST_ID)).toString();
        } catch (IllegalArgumentException e) {
            throw new BadRequest("The form has no request id. Load the page again.");
        }
    }

    /** The same for any page, whether it knows of looks or not. */
    boolean wantsLook() {
        return query.first("look").isPresent();
    }

    /** Address from which it comes; that of a proxy if one stands between. */
    String peer() {
        return peer;
    }

    /** Path below that of the console. */
    String path() {
        return path;
    }

    Access access() {
        return access;
    }

    /** Whether a certificate proves who asks. */
    boolean isCertified() {
        return session.filter(Session::certified).isPresent();
    }

    /** A page of the console. */
    public Reply page(Section section, String title, String template, Object view) {
        return new Reply.Page(Reply.OK, template, frame(Optional.of(section), title, 0), view);
    }

    /** One that says why what was sent was not taken, and has it still. */
    public Reply refused(int status, Section section, String title, String template, Object view) {
        return new Reply.Page(status, template, frame(Optional.of(section), title, 0), view);
    }

    /** One that shows what goes on, and so is asked for again where there are no scripts. */
    public Reply livePage(Section section, String title, int seconds, String template, Object view) {
        return new Reply.Page(Reply.OK, template, frame(Optional.of(section), title, seconds), view);
    }

    /** One that says why something was not done. */
    Reply problem(int status, Problem problem) {
        return new Reply.Page(status, "problem.jte", frame(Optional.empty(), problem.title(), 0), problem);
    }

    /** A page that belongs to no section. */
    Reply apart(String title, String template, Object view) {
        return apart(Reply.OK, title, template, view);
    }

    Reply apart(int status, String title, String template, Object view) {
        return new Reply.Page(status, template, frame(Optional.empty(), title, 0), view);
    }

    /** All that the form has. */
    List<Map.Entry<String, String>> sent() {
        return form.entries();
    }

    /** A part of a page, as a fragment of HTML. */
    public String fragment(String template, Object view) {
        return templates.render(template, frame(Optional.empty(), "", 0), view);
    }

    private Frame frame(Optional<Section> section, String title, int refreshSeconds) {
        return new Frame(
                title,
                section,
                session.map(Session::name).orElse(""),
                session.filter(Session::isProven).isPresent(),
                isCertified(),
                access,
                formToken,
                templates.assetsVersion(),
                Notice.of(query("done")).map(Notice::sentence).orElseGet(() -> section.isPresent() ? ignored() : ""),
                refreshSeconds,
                again());
    }

    /** Its own address, which does not tell once more what was just done. */
    private String again() {
        String[] pairs = query.entries().stream()
                .filter(field ->
                        asked.contains(field.getKey()) && !field.getKey().equals("done"))
                .flatMap(field -> Stream.of(field.getKey(), field.getValue()))
                .toArray(String[]::new);
        return Links.to(path, pairs);
    }

    /** Who misspells a filter must not take all that there is for what passes it. Pages read the address before they are framed. */
    private String ignored() {
        String names = query.names().stream()
                .filter(name -> !asked.contains(name))
                .limit(MOST_IGNORED)
                .map(name -> "\"" + Show.visible(name.substring(0, Math.min(name.length(), LONGEST_NAME))) + "\"")
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : "This page knows no " + names + " in its address: that was ignored.";
    }
}
