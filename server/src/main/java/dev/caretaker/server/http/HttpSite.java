package dev.caretaker.server.http;

import com.sun.net.httpserver.HttpHandler;

/** Pages of another room that the HTTP port serves beside its own. */
public interface HttpSite extends HttpHandler {
    /** Beginning of its paths, such as {@code /console}. */
    String path();

    /** Whether it is served at all. */
    boolean isServed();
}
