package dev.caretaker.server.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caretaker.server.config.ChecksConfig;
import dev.caretaker.server.config.ChecksLogin;
import dev.caretaker.server.config.ConfigException;
import dev.caretaker.server.config.Credentials;
import dev.caretaker.server.target.Target;
import dev.caretaker.server.testing.TestPostgres;
import dev.caretaker.server.testing.TestPostgres.Database;
import dev.caretaker.server.testing.TestTargets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunAsTest {
    private static final ChecksLogin LOGIN = new ChecksLogin(Optional.of(Credentials.of("watcher", "")));

    private static ChecksConfig config(String role) {
        return new ChecksConfig(
                Optional.empty(), Optional.ofNullable(role), Duration.ofSeconds(30), 2, List.of(), Map.of(), Map.of());
    }

    @Test
    void a_login_or_a_role_may_be_given_but_not_both() {
        assertThat(RunAs.of(config(null), ChecksLogin.NONE)).isEmpty();
        assertThat(RunAs.of(config("low"), ChecksLogin.NONE)).contains(new RunAs.Role("low"));
        assertThat(RunAs.of(config(null), LOGIN)).containsInstanceOf(RunAs.Login.class);
        assertThatThrownBy(() -> RunAs.of(config("low"), LOGIN))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("caretaker.checks.role");
    }

    @Test
    void a_login_holds_only_for_a_role_of_few_rights_that_really_logged_in() throws SQLException {
        Database owner = TestPostgres.newest().database();
        Database low = owner.role("low");
        Target target = TestTargets.of("app", owner);
        RunAs.Login login = new RunAs.Login(Credentials.of(low.user(), low.password()));
        assertThat(target.<Optional<String>>withLogin(login.credentials(), false, login::gap))
                .isEmpty();
        assertThat(target.<Optional<String>>withPrimary(login::gap).orElseThrow())
                .as("a login in the URL goes before ours")
                .contains(low.user())
                .contains("the URL of the target makes it " + owner.user());
        try (var simple =
                DriverManager.getConnection(owner.url() + "?preferQueryMode=simple", low.user(), low.password())) {
            assertThat(login.gap(simple).orElseThrow()).contains("preferQueryMode is simple");
        }
        RunAs.Login mighty = new RunAs.Login(Credentials.of(owner.user(), owner.password()));
        assertThat(target.<Optional<String>>withLogin(mighty.credentials(), true, mighty::gap)
                        .orElseThrow())
                .contains("is a superuser");
    }
}
