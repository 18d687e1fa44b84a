package dev.caretaker.server.target.catalog;

/**
 * A rewrite rule that fires in an ordinary session, as ours are; the one that makes a view excepted.
 *
 * @param event SELECT, UPDATE, INSERT or DELETE
 * @param replaces whether nothing is left of a statement but what the rule makes of it: it is INSTEAD, without a condition
 */
public record RewriteRule(String name, String event, boolean replaces) {
    public boolean isOnDelete() {
        return event.equals("DELETE");
    }
}
