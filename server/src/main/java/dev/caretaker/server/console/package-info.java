/**
 * The web console: pages that the server writes, for whoever looks rather than types. It stands above everything and calls the API
 * as the user who is signed in, through the channel within the process: what a page may see and do, what is checked and what is
 * recorded is that of the API. No bean of another room is asked beside it.
 *
 * <p>How a page is added:
 *
 * <ol>
 *   <li>A class in {@code console.page} that implements {@link dev.caretaker.server.console.web.Pages} and is a singleton: it adds its
 *       routes, {@code routes.get("/findings", this::list)}. Of a path a segment in braces is a variable; names that come from
 *       databases are no segments but parameters of the query, since they may hold anything.
 *   <li>Its method takes a {@link dev.caretaker.server.console.web.Request}, calls {@code request.api().issues()} or whichever service
 *       it needs, and answers {@code request.page(Section.FINDINGS, "Findings", "findings/list.jte", view)}. What the API refuses
 *       becomes a page that says so; catch only what has a better answer.
 *   <li>A record beside it holds what its template shows ({@code view}), so that the template neither computes nor looks up.
 *   <li>A template in {@code src/main/jte/console} takes {@code Frame frame} and {@code view}, and calls
 *       {@code @template.layout(frame = frame, body = @`…`)}. Values are escaped by JTE; names from databases go through
 *       {@code @template.part.name(text)}, which isolates right-to-left text and shows what controls it; moments through
 *       {@code @template.part.time(at)}, which the browser tells in its own zone. No {@code style} attributes and no inline scripts:
 *       the content security policy forbids both.
 *   <li>A form posts to a route of {@code routes.post}, begins with {@code @template.part.hidden(frame)} (the token that keeps other
 *       pages from posting it, and the request id that keeps a second press of the button from doing it twice), and stands within
 *       {@code @if(frame.mayWrite())}. Its method takes {@code request.requestId()} and {@code request.actor()} along and answers
 *       {@link dev.caretaker.server.console.web.Reply#seeOther}.
 *   <li>Its section of the navigation is in {@link dev.caretaker.server.console.web.Section}.
 *   <li>Tests ask for the page without a browser, as {@code ConsoleTest} does, and with hostile names.
 * </ol>
 */
package dev.caretaker.server.console;
