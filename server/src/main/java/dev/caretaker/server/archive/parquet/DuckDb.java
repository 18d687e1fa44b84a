package dev.caretaker.server.archive.parquet;

import dev.caretaker.server.config.ArchivesConfig;
import dev.caretaker.server.error.CaretakerException;
import dev.caretaker.server.error.Reason;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * DuckDB's JDBC driver, from the jar that the configuration names, in a class loader of its own. Nothing of the server is compiled
 * against it.
 *
 * @see <a href="https://duckdb.org/docs/stable/configuration/overview">Configuration</a>
 */
@Singleton
final class DuckDb {
    private static final String DRIVER = "org.duckdb.DuckDBDriver";
    private static final String JAR = "duckdb_jdbc";
    private static final String URL = "jdbc:duckdb:";

    private final Path place;
    private final long memory;
    private Optional<Driver> driver = Optional.empty();

    DuckDb(ArchivesConfig config) {
        this.place = config.parquetDriver().toAbsolutePath();
        this.memory = config.parquetMemory();
    }

    /** Most bytes that one database takes. */
    long memory() {
        return memory;
    }

    /** Why there is no driver, as a clause; empty if there is one. */
    Optional<String> obstacle() {
        try {
            driver();
            return Optional.empty();
        } catch (MissingException e) {
            return Optional.of(e.getMessage());
        }
    }

    /**
     * A database in memory, which is gone when the connection closes. It fetches no extensions, and writes nothing beside what it is
     * told to: where its memory does not do, it fails.
     *
     * @throws CaretakerException TOOL_MISSING, TOOL_FAILED
     */
    Connection open() {
        Properties settings = new Properties();
        settings.setProperty("jdbc_stream_results", "true"); // else it keeps all rows of a result
        try {
            Connection connection = driver().connect(URL, settings);
            try (Statement statement = connection.createStatement()) {
                for (String setting : List.of(
                        "threads = 1", // rows keep their order, and batches their processors
                        "memory_limit = '" + memory + "B'",
                        "temp_directory = ''",
                        "autoinstall_known_extensions = false",
                        "autoload_known_extensions = false")) {
                    statement.execute("SET " + setting);
                }
                return connection;
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw failed(e);
        } catch (MissingException e) {
            throw CaretakerException.of(Reason.TOOL_MISSING, "This server cannot do that: " + e.getMessage() + ".");
        }
    }

    /** What DuckDB says, as an error for callers. It does not always say that its memory did not do. */
    static CaretakerException failed(SQLException e) {
        return CaretakerException.of(
                Reason.TOOL_FAILED,
                "DuckDB failed: " + String.valueOf(e.getMessage()).strip()
                        + " (If it needs more memory: caretaker.archives.parquet-memory.)");
    }

    private synchronized Driver driver() throws MissingException {
        if (driver.isEmpty()) {
            driver = Optional.of(load(jar()));
        }
        return driver.get();
    }

    private Path jar() throws MissingException {
        if (Files.isRegularFile(place)) {
            return place;
        }
        List<Path> found;
        try (Stream<Path> files = Files.isDirectory(place) ? Files.list(place) : Stream.empty()) {
            found = files.filter(file -> file.getFileName().toString().startsWith(JAR))
                    .filter(file -> file.getFileName().toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new MissingException(place + " cannot be read: " + e.getMessage(), e);
        }
        if (found.size() != 1) {
            throw new MissingException("format parquet needs DuckDB's driver, the jar of org.duckdb:duckdb_jdbc, and "
                    + (found.isEmpty()
                            ? "there is no " + JAR + "*.jar at " + place
                            : place + " has more than one " + JAR + "*.jar")
                    + " (caretaker.archives.parquet-driver)");
        }
        return found.getFirst();
    }

    private static Driver load(Path jar) throws MissingException {
        try {
            // Open as long as the server: its classes may be needed at any time.
            ClassLoader loader =
                    new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
            return (Driver)
                    Class.forName(DRIVER, true, loader).getDeclaredConstructor().newInstance();
        } catch (IOException | ReflectiveOperationException | LinkageError | ClassCastException e) {
            throw new MissingException(jar + " is no driver of DuckDB that works here: " + e, e);
        }
    }

    /** There is no driver. The message is a clause. */
    private static final class MissingException extends Exception {
        private static final long serialVersionUID = 1L;

        MissingException(String message) {
            super(message);
        }

        MissingException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
