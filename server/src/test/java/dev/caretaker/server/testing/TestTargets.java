package dev.caretaker.server.testing;

import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.config.TargetConfig;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.target.Targets;
import java.util.List;

/** Targets over test databases. */
public final class TestTargets {
    private TestTargets() {}

    /** A target with nothing but defaults, working as the database's role. */
    public static Target of(String name, TestPostgres.Database database) {
        return new Targets(List.of(config(name, database))).get(name);
    }

    public static TargetConfig config(String name, TestPostgres.Database database) {
        return TargetConfig.of(name, database.url(), Credentials.of(database.user(), database.password()));
    }
}
