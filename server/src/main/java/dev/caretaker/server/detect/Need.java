package dev.caretaker.server.detect;

import dev.caretaker.server.target.Capabilities;
import java.util.Optional;

/** What a check cannot do without. */
public sealed interface Need {

    /** Why the check cannot run there; empty if the need is met. */
    Optional<String> unmet(Surroundings surroundings);

    /** In words, for lists and pages. */
    String describe();

    /**
     * A server at least that new.
     *
     * @param number as in server_version_num
     * @param version as people write it
     */
    record Server(int number, String version) implements Need {
        @Override
        public Optional<String> unmet(Surroundings surroundings) {
            return surroundings.versionNumber() >= number
                    ? Optional.empty()
                    : Optional.of("needs PostgreSQL " + version + "; the server is " + surroundings.version());
        }

        @Override
        public String describe() {
            return "PostgreSQL " + version;
        }
    }

    /**
     * An extension in the target's database.
     *
     * @param minimum version of the extension itself; empty if any will do
     * @param hint how to get it; may be empty
     */
    record Extension(String name, Optional<Version> minimum, String hint) implements Need {
        @Override
        public Optional<String> unmet(Surroundings surroundings) {
            Surroundings.Installed installed = surroundings.extensions().get(name);
            if (installed == null) {
                return Optional.of("extension " + name + " is not installed in this database" + advice());
            }
            return minimum.filter(version -> Version.of(installed.version()).compareTo(version) < 0)
                    .map(version -> "needs version " + version + " of extension " + name + ", installed is "
                            + installed.version() + "; ALTER EXTENSION " + name + " UPDATE brings the newest");
        }

        @Override
        public String describe() {
            return "extension " + name + minimum.map(version -> " " + version).orElse("");
        }

        private String advice() {
            return hint.isEmpty() ? "" : "; " + hint;
        }
    }

    /** The rights of a predefined role, by membership or as a superuser. */
    record Role(String name) implements Need {
        @Override
        public Optional<String> unmet(Surroundings surroundings) {
            return surroundings.roles().contains(name)
                    ? Optional.empty()
                    : Optional.of("role " + surroundings.role() + " needs the rights of " + name + "; "
                            + new Capabilities(surroundings.versionNumber()).grant(name, surroundings.role()));
        }

        @Override
        public String describe() {
            return "role " + name;
        }
    }
}
