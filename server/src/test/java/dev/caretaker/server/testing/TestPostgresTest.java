package dev.caretaker.server.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TestPostgresTest {
    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.TestPostgres#both")
    void a_database_is_fresh_each_time(TestPostgres server) {
        TestPostgres.Database first = server.database("again");
        first.execute("CREATE TABLE t (id int)");
        TestPostgres.Database second = server.database("again");
        assertThat(second.value("SELECT to_regclass('t')::text")).isNull();
    }

    @ParameterizedTest
    @MethodSource("dev.caretaker.server.testing.TestPostgres#both")
    void a_role_has_no_rights_of_its_own(TestPostgres server) {
        TestPostgres.Database owner = server.database();
        owner.execute("CREATE TABLE t (id int)");
        TestPostgres.Database role = owner.role("reader");
        assertThatThrownBy(() -> role.execute("SELECT * FROM t")).hasMessageContaining("permission denied");
    }
}
