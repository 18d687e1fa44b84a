package dev.caretaker.server.target.catalog;

/**
 * A rewrite rule, the one that makes a view excepted.
 *
 * @param event SELECT, UPDATE, INSERT or DELETE
 */
public record RewriteRule(String name, String event) {}
