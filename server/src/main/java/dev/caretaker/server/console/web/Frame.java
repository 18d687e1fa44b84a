package dev.caretaker.server.console.web;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What every page has around its own part.
 *
 * @param title of the page
 * @param section that it belongs to; empty for those that belong to none
 * @param user who is signed in; empty if nobody said so
 * @param proven whether that is proven
 * @param certified whether by a certificate, so that nobody can sign out
 * @param access what the console may do
 * @param formToken that forms carry
 * @param assets version of style sheet and scripts, which changes with them
 * @param notice a sentence about what was just done; empty if nothing was
 * @param refreshSeconds after which the page is asked for again where there are no scripts; 0: never
 * @param again address that is asked for then
 */
public record Frame(
        String title,
        Optional<Section> section,
        String user,
        boolean proven,
        boolean certified,
        Access access,
        String formToken,
        String assets,
        String notice,
        int refreshSeconds,
        String again) {

    /** What the console may do. */
    public enum Access {
        /** Nobody is signed in. */
        NONE,
        /** Show. */
        READ,
        /** Show and change. */
        WRITE
    }

    public boolean isSignedIn() {
        return access != Access.NONE;
    }

    public boolean mayWrite() {
        return access == Access.WRITE;
    }

    /** For a form: the same form that is sent twice does what it does once. */
    public String requestId() {
        return UUID.randomUUID().toString();
    }

    public List<Section> sections() {
        return List.of(Section.values());
    }

    public boolean isIn(Section one) {
        return section.filter(one::equals).isPresent();
    }

    /** Address of a file of the console. */
    public String asset(String name) {
        return Console.PATH + "/assets/" + assets + "/" + name;
    }
}
