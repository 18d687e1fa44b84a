package dev.caretaker.server.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A Postgres server shared by all tests of this JVM, started when first asked for. It comes from the system property
 * {@code caretaker.test.url} (a superuser's JDBC URL, used for both majors), else from Testcontainers where Docker runs,
 * else from the embedded binaries. A test takes a fresh {@link #database()} of it.
 *
 * <p>Its settings are made for tests: nothing is flushed, autovacuum is off so that statistics stand still,
 * {@code wal_level} is logical, and pg_stat_statements is loaded. Tests that stop or kill a server start their own from
 * {@link EmbeddedServer}.
 */
public final class TestPostgres {
    private static final Map<String, String> SETTINGS = Map.of(
            "fsync", "off",
            "synchronous_commit", "off",
            "full_page_writes", "off",
            "autovacuum", "off",
            "max_connections", "200",
            "max_prepared_transactions", "20",
            "wal_level", "logical",
            "shared_buffers", "64MB",
            "shared_preload_libraries", "pg_stat_statements");
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String host;
    private final int port;
    private final String user;
    private final String password;

    private TestPostgres(String host, int port, String user, String password) {
        this.host = host;
        this.port = port;
        this.user = user;
        this.password = password;
    }

    /** The oldest major version that is supported: 14. */
    public static TestPostgres oldest() {
        return Oldest.SERVER;
    }

    /** The newest major version that is tested: 18. */
    public static TestPostgres newest() {
        return Newest.SERVER;
    }

    /** 15: the newest major version that the pg_dump of Debian's stable release can dump. */
    public static TestPostgres dumped() {
        return Dumped.SERVER;
    }

    /** One of every major version that is supported, by that. */
    public static SortedMap<Integer, TestPostgres> all() {
        return Stream.of(EmbeddedServer.values())
                .collect(Collectors.toMap(EmbeddedServer::major, TestPostgres::of, (a, b) -> a, TreeMap::new));
    }

    /** The one of this major version; no other is started. */
    public static TestPostgres of(EmbeddedServer version) {
        return switch (version) {
            case OLDEST -> oldest();
            case DUMPED -> dumped();
            case SIXTEEN -> Sixteen.SERVER;
            case SEVENTEEN -> Seventeen.SERVER;
            case NEWEST -> newest();
        };
    }

    /** Both, for {@code @MethodSource("dev.caretaker.server.testing.TestPostgres#both")}. */
    public static Stream<TestPostgres> both() {
        return Stream.of(oldest(), newest());
    }

    /** A server that the test itself started from {@link EmbeddedServer}. */
    public static TestPostgres embeddedAt(int port) {
        return new TestPostgres("localhost", port, "postgres", "postgres");
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    /** The database that every server has. */
    public Database postgres() {
        return new Database(this, "postgres", user, password);
    }

    /** A fresh, empty database with a name of its own. */
    public Database database() {
        return database(unique("test"));
    }

    /**
     * A fresh database of the newest server in which all tables of a control store are already: a copy, made in much less time
     * than a server takes to make them.
     */
    public static Database controlStore() {
        return newest().database(unique("control"), " TEMPLATE " + ControlStore.TEMPLATE);
    }

    /** A fresh database in which names may hold any bytes. */
    public Database asciiDatabase() {
        String name = unique("ascii");
        postgres()
                .execute("CREATE DATABASE " + name
                        + " TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'");
        return new Database(this, name, user, password);
    }

    /** Nothing else on the server has this name: another JVM may test on the same. */
    private static String unique(String prefix) {
        return prefix + "_" + ProcessHandle.current().pid() + "_" + NUMBER.incrementAndGet();
    }

    /** A fresh, empty database; one of the same name is dropped first. */
    public Database database(String name) {
        return database(name, "");
    }

    private Database database(String name, String options) {
        String quoted = '"' + name.replace("\"", "\"\"") + '"';
        Database maintenance = postgres();
        maintenance.execute("DROP DATABASE IF EXISTS " + quoted + " WITH (FORCE)");
        maintenance.execute("CREATE DATABASE " + quoted + options);
        return new Database(this, name, user, password);
    }

    @Override
    public String toString() {
        if (this == Oldest.SERVER) {
            return "oldest";
        }
        return this == Newest.SERVER ? "newest" : "server on port " + port;
    }

    /**
     * One database, seen as one role.
     *
     * @param name unquoted
     * @param user role that {@link #connect} logs in as
     * @param password its password; empty where the server asks for none
     */
    public record Database(TestPostgres server, String name, String user, String password) {

        /** JDBC URL without credentials. */
        public String url() {
            return "jdbc:postgresql://" + server.host + ":" + server.port + "/" + name;
        }

        public Connection connect() throws SQLException {
            return DriverManager.getConnection(url(), user, password);
        }

        /** Runs statements whose every character becomes one byte: no driver would send these. */
        public void executeBytes(String... statements) {
            for (String sql : statements) {
                String bytes = HexFormat.of().formatHex(sql.getBytes(StandardCharsets.ISO_8859_1));
                execute("DO $do$ BEGIN EXECUTE convert_from('\\x" + bytes + "'::bytea, 'SQL_ASCII'); END $do$");
            }
        }

        /** The same database as another role. */
        public Database as(String otherUser, String otherPassword) {
            return new Database(server, name, otherUser, otherPassword);
        }

        /** Runs statements one by one in autocommit. */
        public void execute(String... statements) {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            } catch (SQLException e) {
                throw new AssertionError(e.getMessage() + " in: " + String.join("; ", statements), e);
            }
        }

        /** The single value of a query, as the driver returns it; null for SQL NULL. */
        public Object value(String query) {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement();
                    var rows = statement.executeQuery(query)) {
                if (!rows.next()) {
                    throw new AssertionError("no row from: " + query);
                }
                return rows.getObject(1);
            } catch (SQLException e) {
                throw new AssertionError(e.getMessage() + " in: " + query, e);
            }
        }

        /** The single number of a query, for example a count. */
        public long number(String query) {
            return ((Number) value(query)).longValue();
        }

        /**
         * Makes a login role whose name is unique on the server, without any right beyond PUBLIC's, and returns this
         * database as that role.
         */
        public Database role(String prefix) {
            String role = unique(prefix);
            execute("CREATE ROLE \"" + role + "\" LOGIN PASSWORD 'secret'");
            return as(role, "secret");
        }

        @Override
        public String toString() {
            return server + " " + name;
        }
    }

    private static TestPostgres start(EmbeddedServer embedded, String image) {
        String url = System.getProperty("caretaker.test.url");
        if (url != null) {
            return configured(url);
        }
        if (DockerClientFactory.instance().isDockerAvailable()) {
            return container(image);
        }
        return embedded(embedded);
    }

    private static TestPostgres configured(String url) {
        var properties = org.postgresql.Driver.parseURL(url, null);
        if (properties == null) {
            throw new IllegalArgumentException("caretaker.test.url is not a jdbc:postgresql URL");
        }
        return new TestPostgres(
                properties.getProperty("PGHOST"),
                Integer.parseInt(properties.getProperty("PGPORT")),
                properties.getProperty("user", "postgres"),
                properties.getProperty("password", ""));
    }

    @SuppressWarnings("resource") // Testcontainers removes it when the JVM ends.
    private static TestPostgres container(String image) {
        String[] command = Stream.concat(
                        Stream.of("postgres"),
                        SETTINGS.entrySet().stream()
                                .flatMap(setting -> Stream.of("-c", setting.getKey() + "=" + setting.getValue())))
                .toArray(String[]::new);
        var container = new PostgreSQLContainer(image)
                .withUsername("postgres")
                .withPassword("postgres")
                .withCommand(command);
        container.start();
        return new TestPostgres(container.getHost(), container.getMappedPort(5432), "postgres", "postgres");
    }

    private static TestPostgres embedded(EmbeddedServer server) {
        var builder = server.builder().setPGStartupWait(Duration.ofMinutes(3));
        SETTINGS.forEach(builder::setServerConfig);
        try {
            // It stops with the JVM: the library adds a shutdown hook of its own.
            @SuppressWarnings("resource")
            EmbeddedPostgres postgres = builder.start();
            return new TestPostgres("localhost", postgres.getPort(), "postgres", "postgres");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Oldest {
        static final TestPostgres SERVER = start(EmbeddedServer.OLDEST, "postgres:14");
    }

    private static final class Dumped {
        static final TestPostgres SERVER = start(EmbeddedServer.DUMPED, "postgres:15");
    }

    private static final class Sixteen {
        static final TestPostgres SERVER = start(EmbeddedServer.SIXTEEN, "postgres:16");
    }

    private static final class Seventeen {
        static final TestPostgres SERVER = start(EmbeddedServer.SEVENTEEN, "postgres:17");
    }

    private static final class Newest {
        static final TestPostgres SERVER = start(EmbeddedServer.NEWEST, "postgres:18");
    }

    private static final class ControlStore {
        static final String TEMPLATE = make();

        private static String make() {
            Database database = newest().database(unique("template"));
            Flyway.configure()
                    .dataSource(database.url(), database.user(), database.password())
                    .defaultSchema("caretaker")
                    .load()
                    .migrate();
            return database.name();
        }
    }
}
