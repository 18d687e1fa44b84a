package dev.caretaker.server.console.web;

import java.util.List;
import java.util.Map;

/**
 * The page in the place of what a form asked for whose session is over: it has all that was sent, so that nothing has to be typed once
 * more, and sends it when somebody who is signed in says so.
 *
 * @param signedIn whether somebody is, so that it may be sent from here
 * @param action address of the form
 * @param fields names and values, in their order
 */
public record SendAgain(boolean signedIn, String action, List<Map.Entry<String, String>> fields) {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    /** Fields that say nothing to people. */
    private static final List<String> OWN = List.of(Request.REQUEST_ID, "before", "conditions");

    /** @param signedIn whether somebody is now */
    static Reply of(Request request, boolean signedIn) {
        SendAgain view = new SendAgain(
                signedIn,
                Console.PATH + request.path(),
                request.sent().stream()
                        .filter(field -> !field.getKey().equals(Forms.TOKEN))
                        .toList());
        return request.apart(
                signedIn ? FORBIDDEN : UNAUTHORIZED,
                signedIn ? "Not sent yet" : "Your session is over",
                "send-again.jte",
                view);
    }

    /** What somebody wrote or chose. */
    public List<Map.Entry<String, String>> shown() {
        return fields.stream()
                .filter(field ->
                        !OWN.contains(field.getKey()) && !field.getValue().isBlank())
                .toList();
    }
}
